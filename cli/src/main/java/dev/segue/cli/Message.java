package dev.segue.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a line and the number at its end, which are compared separately, as order and value.
 *
 * @param text the text, without the number
 * @param value the number; null if there is none
 */
record Message(String text, @Nullable Integer value) {
  private static final Pattern WITH_VALUE = Pattern.compile("(.*\\D) (\\d{1,9})");

  static Message of(String text) {
    var matcher = WITH_VALUE.matcher(text);
    return matcher.matches()
        ? new Message(matcher.group(1), Integer.valueOf(matcher.group(2)))
        : new Message(text, null);
  }

  @Override
  public String toString() {
    return value == null ? text : text + " " + value;
  }
}

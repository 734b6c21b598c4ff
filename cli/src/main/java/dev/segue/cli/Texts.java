package dev.segue.cli;

/** How the commands that look into a program write what they have seen. */
final class Texts {
  private Texts() {}

  /** A time, as exact as it can be told. */
  static String time(long nanos) {
    long seconds = nanos / 1_000_000_000;
    if (seconds < 60) {
      return seconds + "." + nanos / 100_000_000 % 10 + " s";
    } else if (seconds < 3_600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    } else if (seconds < 86_400) {
      return seconds / 3_600 + " h " + seconds / 60 % 60 + " min";
    }
    return seconds / 86_400 + " d " + seconds / 3_600 % 24 + " h";
  }

  /** A text of another program, without what would do something to a terminal. */
  static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || (c >= 0x7F && c < 0xA0)) { // as Character.isISOControl: this is called often
        return text.replaceAll("\\p{Cntrl}", "?");
      }
    }
    return text;
  }
}

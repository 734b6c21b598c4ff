package dev.segue.compare;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts in HTML and SVG. */
final class Html {
  private static final Pattern PLACE = Pattern.compile("%([A-Z_]+)%");

  private Html() {}

  /** Whatever is in it, it is shown as text; also between double quotes. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Fills in the places of a template, as {@code %NAME%}. What is filled in has no places. */
  static String fill(String template, Map<String, String> texts) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> Matcher.quoteReplacement(Objects.requireNonNull(texts.get(place.group(1)))));
  }
}

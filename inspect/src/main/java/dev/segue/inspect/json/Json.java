package dev.segue.inspect.json;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON text of maps, collections, strings, finite numbers and booleans. */
public final class Json {
  private Json() {}

  /** Returns a value as JSON. */
  public static String of(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quote(entry.getKey().toString()) + ":" + of(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case Collection<?> items ->
          items.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
      case Number _, Boolean _ -> value.toString();
      default -> quote(value.toString());
    };
  }

  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}

package dev.segue.inspect.json;

import java.util.Collection;
import java.util.Map;

/** JSON text of maps, collections, strings, finite numbers and booleans. */
public final class Json {
  private Json() {}

  /** Returns a value as JSON. */
  public static String of(Object value) {
    var json = new StringBuilder();
    add(value, json);
    return json.toString();
  }

  private static void add(Object value, StringBuilder json) {
    switch (value) {
      case Map<?, ?> map -> {
        char before = '{';
        for (var entry : map.entrySet()) {
          quote(entry.getKey().toString(), json.append(before));
          add(entry.getValue(), json.append(':'));
          before = ',';
        }
        json.append(map.isEmpty() ? "{}" : "}");
      }
      case Collection<?> items -> {
        char before = '[';
        for (var item : items) {
          add(item, json.append(before));
          before = ',';
        }
        json.append(items.isEmpty() ? "[]" : "]");
      }
      case Number _, Boolean _ -> json.append(value);
      default -> quote(value.toString(), json);
    }
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}

package dev.segue.compare;

import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a {@link Workload} can be told, by name: given on the command line as {@code -p name=value},
 * or else the workload's own default. Not thread-safe.
 */
public final class Parameters implements Serializable {
  private final TreeMap<String, String> given;
  private final TreeMap<String, String> used = new TreeMap<>();

  /**
   * Keeps what was given.
   *
   * @param given values by name
   */
  public Parameters(Map<String, String> given) {
    this.given = new TreeMap<>(given);
  }

  /**
   * Returns a whole number.
   *
   * @param name its name
   * @param fallback the value if none is given
   * @return the value
   * @throws IllegalArgumentException if what is given is not a positive whole number
   */
  public int count(String name, int fallback) {
    var text = text(name, String.valueOf(fallback));
    try {
      int value = Integer.parseInt(text.replace("_", ""));
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "parameter " + name + " must be a positive whole number, not '" + text + "'");
  }

  /**
   * Returns a length of time.
   *
   * @param name its name
   * @param fallback the value if none is given
   * @return the value
   * @throws IllegalArgumentException if what is given is not a time such as 500us, 20ms or 1.5s
   */
  public Duration time(String name, Duration fallback) {
    var text = text(name, Times.text(fallback));
    try {
      return Times.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("parameter " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns a text.
   *
   * @param name its name
   * @param fallback the value if none is given
   * @return the value
   */
  public String text(String name, String fallback) {
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(fallback, "fallback must not be null");
    var value = given.getOrDefault(name, fallback);
    used.put(name, value);
    return value;
  }

  /**
   * Returns all that has been asked for so far.
   *
   * @return values by name
   */
  public Map<String, String> used() {
    return Collections.unmodifiableMap(used);
  }
}

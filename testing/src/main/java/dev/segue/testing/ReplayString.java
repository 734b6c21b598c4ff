package dev.segue.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text that stands for a schedule: {@code v1:1.2,s3.1~5e1f} has task 1 stay back before its
 * step 2, and task 3's step 1 be slow; the rest is as in an ordinary loop.
 *
 * @param decisions the departures from an ordinary loop; one that is made twice is there twice
 * @param checksum of the course that the run took, to notice that the program has changed; null
 *     where that was cut off the text
 */
record ReplayString(List<Decision> decisions, @Nullable Integer checksum) {
  private static final String VERSION = "v1:";

  ReplayString {
    decisions = decisions.stream().sorted().toList();
  }

  static ReplayString of(List<Decision> decisions, long course) {
    return new ReplayString(decisions, checksum(course));
  }

  /** Folds the hash of a course into 16 bits. */
  static int checksum(long course) {
    return (int) (course ^ course >>> 16 ^ course >>> 32 ^ course >>> 48) & 0xFFFF;
  }

  /**
   * Reads what {@link #toString} has written.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static ReplayString parse(String text) {
    if (!text.startsWith(VERSION)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a schedule that this version of Segue can replay: that begins"
              + " with '"
              + VERSION
              + "'");
    }
    int tilde = text.indexOf('~');
    var body = text.substring(VERSION.length(), tilde < 0 ? text.length() : tilde);
    var decisions = new ArrayList<Decision>();
    for (var part : body.isEmpty() ? new String[0] : body.split(",", -1)) {
      var decision = Decision.parse(part);
      if (decision == null) {
        throw new IllegalArgumentException(
            "'"
                + part
                + "' in '"
                + text
                + "' is no part of a schedule; copy the whole text after"
                + " 'replay:' in the report");
      }
      decisions.add(decision);
    }
    return new ReplayString(
        decisions, tilde < 0 ? null : checksum(text.substring(tilde + 1), text));
  }

  private static int checksum(String hex, String text) {
    if (!hex.matches("[0-9a-f]{1,4}")) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' ends in '"
              + hex
              + "', which is no checksum; copy the whole text after"
              + " 'replay:' in the report");
    }
    return Integer.parseInt(hex, 16);
  }

  /** Whether a course is the one that was recorded, as far as a checksum tells. */
  boolean isOf(long course) {
    return checksum == null || checksum == checksum(course);
  }

  @Override
  public String toString() {
    return VERSION
        + decisions.stream().map(Decision::toString).collect(Collectors.joining(","))
        + (checksum == null ? "" : "~" + Integer.toHexString(checksum));
  }
}

package dev.segue;

/** Debug mode. */
final class Debug {
  /** Whether tasks remember where they were created: {@code -Dsegue.debug=true}. */
  static final boolean ON = Boolean.getBoolean("segue.debug");

  private Debug() {}
}

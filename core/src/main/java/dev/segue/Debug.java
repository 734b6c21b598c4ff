package dev.segue;

/** Debug mode, and where the library logs. */
final class Debug {
  /** Whether tasks remember where they were created: {@code -Dsegue.debug=true}. */
  static final boolean ON = Boolean.getBoolean("segue.debug");

  static final System.Logger LOG = System.getLogger("dev.segue");

  private Debug() {}
}

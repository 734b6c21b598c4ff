package dev.segue;

import java.lang.management.ManagementFactory;

/** Whether this JVM was started to be debugged, so that a standing loop is no news. */
final class Debugger {
  /** The agent can only be loaded at the start, so the answer never changes. */
  private static final boolean PRESENT = find();

  private Debugger() {}

  static boolean isPresent() {
    return PRESENT;
  }

  private static boolean find() {
    try {
      return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .anyMatch(option -> option.contains("jdwp"));
    } catch (LinkageError _) {
      return false; // an image without java.management
    }
  }
}

package dev.segue;

/** Whether this JVM is being debugged, so that a standing loop is no news. */
final class Debugger {
  private Debugger() {}

  /**
   * Looks for the threads of the JDWP agent: there is no flag that an agent loaded later would set.
   */
  static boolean isAttached() {
    var group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    var threads = new Thread[group.activeCount() + 16];
    int count = group.enumerate(threads, true);
    for (int i = 0; i < count; i++) {
      if (threads[i].getName().startsWith("JDWP ")) {
        return true;
      }
    }
    return false;
  }
}

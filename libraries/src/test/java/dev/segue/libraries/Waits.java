package dev.segue.libraries;

import dev.segue.EventLoop;

/** How a library waits. */
enum Waits {
  /** For something that Segue awaits: the loop is free on both engines. */
  IN_SEGUE,
  /** In the JDK: the loop is free on the carrier engine, and held on the portable one. */
  IN_THE_JDK;

  boolean holdsLoop(EventLoop loop) {
    return this == IN_THE_JDK && loop.engine() == EventLoop.Engine.PORTABLE;
  }
}

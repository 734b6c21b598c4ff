package dev.segue.testing;

import dev.segue.EventLoop;

/** What these tests ask of loops. */
final class Loops {
  private Loops() {}

  /**
   * Waits until a loop has nothing to do: had its time been free to jump, it would have by then.
   */
  static void awaitParked(EventLoop loop) throws InterruptedException {
    while (loop.thread().getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
  }
}

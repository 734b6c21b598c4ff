package dev.segue;

/**
 * The thread of one task, as an engine runs it. {@link #suspend} and {@link #yieldOnce} are called
 * by the thread itself, the others on the loop.
 */
interface TaskThread {
  Thread thread();

  /** Makes the thread ready for its first step. */
  void start();

  /**
   * Lets others run until {@link #resume} is called and this thread's turn comes.
   *
   * @return false, at once, where the thread cannot be unmounted
   */
  boolean suspend();

  /** As {@link #suspend} with the {@link #resume} already called. */
  boolean yieldOnce();

  /** Makes a suspended thread ready. */
  void resume();

  /** Runs the thread until it waits or ends. */
  void step();
}

package dev.segue;

/** What a suspended task waits for. */
@LoopConfined
interface Wait {
  /**
   * Gives the wait up, because the task is cancelled: nothing will wake the task any more but the
   * caller. It should not throw: what it throws is logged, and the wait is seen through.
   *
   * @return false where the wait has to be seen through; it will wake the task itself
   */
  boolean abort();

  /** A description of what is waited for: "sleep", "task 'load'". */
  String describe();
}

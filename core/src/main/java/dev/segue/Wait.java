package dev.segue;

/** What a suspended task waits for. Confined to the loop. */
interface Wait {
  /**
   * Gives the wait up, because the task is cancelled: nothing will wake the task any more but the
   * caller.
   *
   * @return false where the wait has to be seen through; it will wake the task itself
   */
  boolean abort();

  /** What is waited for, for people: "sleep", "task 'load'". */
  String describe();
}

package dev.segue;

/** A way in which the two engines differ, as the documents tell it. */
public enum Difference {
  JDK_WAITS(
      "A JDK wait in a task (`Thread.sleep`, a socket, `BlockingQueue.take`, JDBC) lets the other"
          + " tasks run.",
      "It holds the loop until it is over, as in asyncio. The watchdog names the wait and the"
          + " remedy."),
  CANCEL_OF_A_JDK_WAIT(
      "A cancel or a time-out interrupts a task's JDK wait at once.",
      "A cancel of the task, its scopes or its loop, and a time-out, interrupt it within some 10 ms."
          + " A cancel that would have to come from another task of the loop cannot come."),
  FUTURES(
      "`Futures.map`, `waitFor` and `asCompleted`, and `ExecutorService`'s own waits, are"
          + " cooperative in a task.",
      "They are JDK waits. In a task use `Async.map`, `Async.await` and `Async.runInExecutor`."),
  ONE_THREAD(
      "All tasks run on one platform thread, which profilers and native libraries see.",
      "Each runs on whichever of the JDK's carrier threads is free; still only one at a time."),
  PINNED(
      "A Segue wait in a class initializer or below a native frame throws `IllegalStateException`,"
          + " because it would stop the loop.",
      "It waits, and occupies one of the JDK's carrier threads meanwhile."),
  OPTION(
      "Needs `--add-opens java.base/java.lang=…`.", "Needs no option, and reaches into nothing."),
  INSTRUMENT(
      "An instrument is told of JDK waits as well.",
      "A JDK wait is part of the task's step, of which an instrument is told nothing."),
  JDK_FAULT(
      "A bug of JDK 25, which makes a monitor wait hold the loop, is found and repaired.",
      "Every monitor wait holds the loop; the bug adds nothing."),
  STALLS(
      "The watchdog tells a task that computes from one in a system call by the loop's thread.",
      "It tells them by the stack: a system call has a native frame on top."),
  GIVEN_UP(
      "Where a tool ends a run and gives up tasks that decline to end, their memory is freed.",
      "The JDK keeps the threads of such tasks, unless the JVM was started with"
          + " `-Djdk.trackAllThreads=false`.");

  private final String carrier;
  private final String portable;

  Difference(String carrier, String portable) {
    this.carrier = carrier;
    this.portable = portable;
  }

  String carrier() {
    return carrier;
  }

  String portable() {
    return portable;
  }
}

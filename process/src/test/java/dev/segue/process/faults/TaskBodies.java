package dev.segue.process.faults;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Bodies of tasks that harm the worker that runs them. Those that never end have a result type. */
final class TaskBodies {
  private TaskBodies() {}

  static long pid() {
    return ProcessHandle.current().pid();
  }

  static long sleepForEver() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
    throw new AssertionError("it ended");
  }

  static long spinForEver() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  /**
   * Once it is compiled, reaches no safepoint for half a minute, unless an option prevents that.
   */
  static long countOn() {
    long value = 1;
    for (int i = 0; i < Integer.MAX_VALUE; i++) {
      value = value / (i | 1) + (value ^ i) / 3 + Long.MAX_VALUE / (value | 1);
    }
    return value;
  }

  static long ignoreInterrupts() {
    while (true) {
      try {
        sleepForEver();
      } catch (InterruptedException _) {
        // This task goes on.
      }
    }
  }

  static long deadlock() throws InterruptedException {
    var first = new Object();
    var second = new Object();
    var bothHold = new CountDownLatch(2);
    var one = Thread.ofPlatform().start(() -> lockBoth(first, second, bothHold));
    lockBoth(second, first, bothHold);
    one.join();
    throw new AssertionError("the deadlock was resolved");
  }

  private static void lockBoth(Object first, Object second, CountDownLatch bothHold) {
    synchronized (first) {
      bothHold.countDown();
      try {
        bothHold.await();
      } catch (InterruptedException _) {
        // An interrupt does not solve a deadlock.
      }
      synchronized (second) {
        throw new AssertionError("no deadlock");
      }
    }
  }

  @SuppressWarnings("restricted")
  static void crash() {
    MemorySegment.ofAddress(0x10).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
  }

  static int exhaustTheHeap() {
    var hoard = new ArrayList<byte[]>();
    while (true) {
      hoard.add(new byte[1 << 20]);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // it overflows the stack
  static int overflowTheStack(int depth) {
    return overflowTheStack(depth + 1) + 1;
  }

  static long startThread() {
    var thread =
        Thread.ofPlatform().daemon(false).name("left behind").start(TaskBodies::spinSlowly);
    return thread.threadId();
  }

  private static void spinSlowly() {
    while (true) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException _) {
        // It ignores interrupts.
      }
    }
  }

  static long startProcess() throws IOException {
    return new ProcessBuilder("sleep", "1000").start().pid();
  }

  /** Starts a process whose parent ends, so that it is no longer a descendant of the worker. */
  static long startOrphan() throws IOException {
    var shell = new ProcessBuilder("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!").start();
    try (var out = shell.inputReader()) {
      return Long.parseLong(out.readLine());
    }
  }

  /** Adds a byte to a file, whose length then tells how often this was run. */
  static long mark(String file) throws IOException {
    try (var out = new FileOutputStream(file, true)) {
      out.write('x');
    }
    return marks(Path.of(file));
  }

  static long marks(Path file) {
    return file.toFile().length();
  }

  static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}

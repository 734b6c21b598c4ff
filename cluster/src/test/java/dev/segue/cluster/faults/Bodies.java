package dev.segue.cluster.faults;

import dev.segue.process.contract.Signal;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Bodies of tasks that harm the executor that runs them. Those that never end have a result type.
 */
final class Bodies {
  private Bodies() {}

  static long pid() {
    return ProcessHandle.current().pid();
  }

  static long halt(int code) {
    System.err.println("halting with " + code);
    Runtime.getRuntime().halt(code);
    return code;
  }

  static long haltOnce(String file) throws IOException {
    long runs = mark(file);
    if (runs == 1) {
      Runtime.getRuntime().halt(9);
    }
    return runs;
  }

  static long spin(Signal begun) {
    begin(begun);
    while (true) {
      Thread.onSpinWait();
    }
  }

  static long goOn(Signal begun, Signal interrupted) {
    begin(begun);
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException _) {
        interrupted.raise(); // and this task goes on
      }
    }
  }

  static int fillTheHeap() {
    var hoard = new ArrayList<byte[]>();
    while (true) {
      hoard.add(new byte[1 << 20]);
    }
  }

  /** Tells which process it runs in, and returns that once it may. */
  static long holdUntil(Signal begun, Signal release) throws InterruptedException {
    begin(begun);
    release.await();
    return pid();
  }

  /** Raises a signal, once it can be read which process raises it. */
  static void begin(Signal begun) {
    try {
      Files.writeString(pidFile(begun), Long.toString(pid()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    begun.raise();
  }

  /** Waits until a task has begun, and returns the process that runs it. */
  static long pidOf(Signal begun) throws InterruptedException, IOException {
    begun.await();
    return Long.parseLong(Files.readString(pidFile(begun)));
  }

  private static Path pidFile(Signal begun) {
    return Path.of(begun.path() + "-pid");
  }

  static int sleepAndReturn(int n, int millis) throws InterruptedException {
    Thread.sleep(millis);
    return n;
  }

  /** Adds a byte to a file, and returns its length: how often this was run. */
  static long mark(String file) throws IOException {
    try (var out = new FileOutputStream(file, true)) {
      out.write('x');
    }
    return marks(file);
  }

  static long marks(String file) {
    return new File(file).length();
  }
}

package dev.segue.process;

import dev.segue.futures.WorkerLostException;
import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The exceptions that futures fail with when the task itself did not throw. */
final class PoolFailures {
  private static final int SIGNALS = 128;

  /** The exit code of {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  private PoolFailures() {}

  /**
   * The worker of a task ended.
   *
   * @param started whether it had started the task
   */
  static WorkerLostException lost(Delivery delivery, boolean started) {
    var worker = delivery.worker();
    var when =
        started
            ? " was lost after running for "
                + Durations.text(worker.exitedAt() - worker.claims().claimedAt(delivery.number()))
            : " never started: several workers died while receiving it";
    return lost(delivery.task().name() + when + ": " + end(worker), worker);
  }

  /** Whether something outside of the pool killed the process. */
  static boolean wasKilled(WorkerProcess worker) {
    int signal = worker.exitCode() - SIGNALS;
    return !worker.wasKilledByPool() && (signal == 9 || signal == 15);
  }

  /**
   * No worker could be started.
   *
   * @param worker the last one tried
   */
  static WorkerLostException notStarted(WorkerProcess worker) {
    return lost(
        "no worker could be started; the last attempt failed: " + worker.startFailure(), worker);
  }

  private static WorkerLostException lost(String message, WorkerProcess worker) {
    var tail = worker.stderr().lines();
    return new WorkerLostException(
        message + memoryAdvice(worker.exitCode(), tail) + lastLines(tail),
        worker.pid(),
        worker.pid() < 0 ? null : worker.exitCode(),
        tail,
        null);
  }

  /**
   * A task ran longer than it may.
   *
   * @param killed how its worker ended, if the task did not end by itself
   */
  static TimeoutException timedOut(
      Delivery delivery, @Nullable Duration limit, @Nullable WorkerLostException killed) {
    var worker = delivery.worker();
    var failure =
        new TimeoutException(
            delivery.task().name()
                + " ran longer than "
                + Durations.text(Durations.nanos(limit))
                + " in "
                + worker.name()
                + " (pid "
                + worker.pid()
                + "), "
                + (killed == null ? "and ended when interrupted" : "which was killed"));
    if (killed != null) {
      failure.initCause(killed);
    }
    return failure;
  }

  /** The pool itself has failed. */
  static IllegalStateException broken(String pool, Throwable why) {
    return new IllegalStateException(
        pool
            + " has failed: "
            + Failures.describe(why)
            + (why instanceof RuntimeException ? ". This is a bug in Segue, please report it" : ""),
        why);
  }

  /** Describes how a process ended. */
  static String end(WorkerProcess worker) {
    int code = worker.exitCode();
    var how =
        code > SIGNALS && code <= SIGNALS + 64
            ? "exit code " + code + ", signal " + signal(code - SIGNALS)
            : "exit code " + code;
    return worker.name()
        + " (pid "
        + worker.pid()
        + ") ended with "
        + how
        + (worker.wasKilledByPool() ? ", killed by the pool: " + worker.whyKilled() : "");
  }

  private static String signal(int number) {
    return switch (number) {
      case 1 -> "1 (SIGHUP)";
      case 2 -> "2 (SIGINT)";
      case 4 -> "4 (SIGILL)";
      case 6 -> "6 (SIGABRT)";
      case 7 -> "7 (SIGBUS)";
      case 9 -> "9 (SIGKILL)";
      case 11 -> "11 (SIGSEGV)";
      case 15 -> "15 (SIGTERM)";
      default -> Integer.toString(number);
    };
  }

  /** What to do if the JVM ended because its heap was full; else nothing. */
  static String memoryAdvice(int exitCode, List<String> stderr) {
    return exitCode == OUT_OF_MEMORY
            && stderr.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))
        ? "; its heap was too small for the task or for the result, which needs as much again while"
            + " it is encoded: give workers more with workerHeap(bytes) or jvmArgs(\"-Xmx…\"), or"
            + " return less at once"
        : "";
  }

  private static String lastLines(List<String> tail) {
    return tail.isEmpty() ? "" : "; its standard error ended with:\n  " + String.join("\n  ", tail);
  }
}

package dev.segue.cluster;

import dev.segue.futures.WorkerLostException;
import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The exceptions that futures fail with when the task itself did not throw. */
final class ClusterFailures {
  /** The exit code of {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  /** What Spark's own handler exits with. */
  private static final int OUT_OF_MEMORY_OF_SPARK = 52;

  private static final Pattern EXIT_CODE =
      Pattern.compile(
          "(?:exited|exit|finished) (?:with |unexpectedly with )?(?:exit )?code:? (\\d+)");

  /** How Spark names the task of a job that made the job fail. */
  private static final Pattern GUILTY = Pattern.compile("\\bTask (\\d+) in stage ");

  private ClusterFailures() {}

  /**
   * What to say of a lost task.
   *
   * @param task the task's name
   * @param attempts how often it was started
   * @param executor where it ran last; null if that is not known
   * @param why what Spark says
   * @param logs where the executor's output is
   */
  record Loss(
      String task, int attempts, @Nullable String executor, String why, Map<String, String> logs) {}

  /** The executor of a task was lost, as often as the task may be started. Blocks for a while. */
  static WorkerLostException lost(Loss loss) {
    var tail = lastLines(loss);
    var code = exitCode(loss.why());
    return new WorkerLostException(
        loss.task()
            + " was lost in its "
            + ordinal(loss.attempts())
            + " attempt"
            + (loss.executor() == null ? "" : ", on " + loss.executor())
            + ": "
            + firstLine(loss.why())
            + memoryAdvice(code, tail)
            + (tail.isEmpty()
                ? ""
                : "; its standard error ended with:\n  " + String.join("\n  ", tail)),
        -1,
        code,
        tail,
        null);
  }

  private static List<String> lastLines(Loss loss) {
    try {
      return ExecutorLogs.lastLines(loss.logs());
    } catch (Throwable t) { // the failure is told without them
      Log.warn("cannot read the output of " + loss.executor() + ": " + Failures.describe(t), null);
      return List.of();
    }
  }

  private static @Nullable Integer exitCode(String why) {
    Matcher code = EXIT_CODE.matcher(why);
    return code.find() ? Integer.valueOf(code.group(1)) : null;
  }

  private static String memoryAdvice(@Nullable Integer code, List<String> stderr) {
    return code != null
            && (code == OUT_OF_MEMORY || code == OUT_OF_MEMORY_OF_SPARK)
            && (code == OUT_OF_MEMORY_OF_SPARK
                || stderr.stream().anyMatch(line -> line.contains("OutOfMemoryError")))
        ? "; its heap was too small for the task or for the result: give executors more with"
            + " config(\"spark.executor.memory\", \"…\"), or return less at once"
        : "";
  }

  private static String ordinal(int n) {
    return switch (n) {
      case 1 -> "first";
      case 2 -> "second";
      case 3 -> "third";
      default -> n + "th";
    };
  }

  /** Spark could not run a task, for a reason that is not a lost executor. */
  static IllegalStateException notRun(String task, Throwable why) {
    return new IllegalStateException(
        "Spark could not run " + task + ": " + firstLine(Failures.describe(why)), why);
  }

  /** A task ran longer than it may. */
  static TimeoutException timedOut(String task, Duration limit, @Nullable ExecutorState executor) {
    return new TimeoutException(
        task
            + " ran longer than "
            + text(limit)
            + (executor == null ? "" : " on " + executor)
            + ", and is being stopped");
  }

  /** {@code shutdownNow} has stopped a running task. */
  static InterruptedException interrupted(String task) {
    return new InterruptedException(task + " was interrupted by shutdownNow()");
  }

  /** No executor has come in time. Blocks for a while. */
  static WorkerLostException notStarted(Duration patience, String reason) {
    return new WorkerLostException(
        "the cluster has given no executor within " + text(patience) + ": " + reason,
        -1,
        null,
        List.of(),
        null);
  }

  /** The pool itself has failed. */
  static IllegalStateException broken(String pool, Throwable why) {
    return new IllegalStateException(
        pool
            + " has failed: "
            + Failures.describe(why)
            + ". This is a bug in Segue, please report it",
        why);
  }

  /** The executors cannot be given the classes that they need. */
  static IllegalStateException unprepared(String pool, Throwable why) {
    return new IllegalStateException(
        pool
            + " cannot send its classes to the executors: "
            + firstLine(Failures.describe(why))
            + ". Put them where the executors have them, and call shipClassPath(false)",
        why);
  }

  /** The context is gone. */
  static IllegalStateException contextStopped(String pool, @Nullable Throwable why) {
    return new IllegalStateException(
        pool
            + " can run nothing any more, as its SparkContext has been stopped"
            + (why == null ? "" : ": " + firstLine(Failures.describe(why))),
        why);
  }

  // What Spark says.

  /** Which slot of a job made the job fail; -1 if Spark does not say. */
  static int guilty(Throwable failure) {
    Matcher named = GUILTY.matcher(Failures.describe(failure));
    return named.find() ? Integer.parseInt(named.group(1)) : -1;
  }

  /** Whether a job failed because an executor was lost. */
  static boolean isLoss(Throwable failure) {
    var text = Failures.describe(failure);
    return text.contains("ExecutorLostFailure")
        || text.contains("Executor lost")
        || text.contains("TaskResultLost"); // the executor had a large result, and was lost with it
  }

  /** Whether somebody else has cancelled a job, in Spark's pages for example. */
  static boolean isCancelled(Throwable failure) {
    return Failures.describe(failure).matches("(?s).*\\bJob \\d+ (?:was )?cancell?ed\\b.*");
  }

  /** Whether a job failed because the cluster has put the whole application out. */
  static boolean isEndOfContext(Throwable failure) {
    var text = Failures.describe(failure);
    return text.contains("SparkContext was shut down")
        || text.contains("removed our application")
        || text.contains("All masters are unresponsive")
        || text.contains("stopped SparkContext");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000
        ? millis + " ms"
        : millis / 1000 + "." + "%03d".formatted(millis % 1000) + " s";
  }
}

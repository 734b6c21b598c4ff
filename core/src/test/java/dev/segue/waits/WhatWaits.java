package dev.segue.waits;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Measures which JDK calls are cooperative in a task, which hold its loop, and what a cancel does
 * to each; prints the tables of {@code docs/what-waits.md}, which says how to run this.
 *
 * <p>Each call waits in one task while another ticks every millisecond: the longest gap between two
 * ticks says whether the loop went on. Then it waits once more, and another thread cancels its
 * task.
 */
public final class WhatWaits {
  private static final int REPEATS = 2;
  private static final double NANOS_A_MILLI = 1e6;

  private final PrintStream out;
  private final long millis;
  private final long cancelAfterMillis;
  private final long millisToCancel;

  /**
   * Creates a measurement.
   *
   * @param out where the tables go
   * @param millis how long each wait lasts; one that is cancelled would last three times that, and
   *     is cancelled after a third of it
   */
  WhatWaits(PrintStream out, long millis) {
    this.out = out;
    this.millis = millis;
    this.millisToCancel = 3 * millis;
    this.cancelAfterMillis = millis / 3;
  }

  /** What becomes of the other tasks during a call. */
  enum Others {
    GO_ON,
    STAND_STILL
  }

  /** Makes ready all that a call needs, and returns the call. */
  @FunctionalInterface
  interface Preparation {
    Callable<?> prepare(Trial trial) throws Exception;
  }

  /** A call to be measured, and why it does what it does, where that is a surprise. */
  record Row(String call, Others others, Preparation preparation, String because) {
    static Row goesOn(String call, Preparation preparation) {
      return new Row(call, Others.GO_ON, preparation, "");
    }

    static Row holds(String call, Preparation preparation) {
      return new Row(call, Others.STAND_STILL, preparation, "");
    }

    Row because(String reason) {
      return new Row(call, others, preparation, reason);
    }
  }

  /**
   * Measures and prints. Exits with 1 if a call is not what its table says.
   *
   * @param args beginnings of the calls to measure; none for all
   * @throws Exception if a call could not be made ready
   */
  public static void main(String[] args) throws Exception {
    Predicate<Row> wanted =
        row -> args.length == 0 || List.of(args).stream().anyMatch(row.call()::startsWith);
    System.exit(new WhatWaits(System.out, 300).print(wanted) ? 0 : 1);
  }

  /** Prints the tables; returns whether each call is what its table says. */
  boolean print(Predicate<Row> wanted) throws Exception {
    boolean asSaid = true;
    var task = List.of("the longest gap, ms", "a cancel", "flag", "left", "the task ends");
    asSaid &= print("Go on", select(CooperativeWaits.ROWS, wanted), task, List.of());
    var thread = List.of("gap in `toThread`", "a cancel there", "the task ends");
    asSaid &= print("Hold the loop", select(HoldingWaits.ROWS, wanted), task, thread);
    asSaid &= print("Surprises", select(SurprisingWaits.ROWS, wanted), task, List.of("because"));
    return asSaid;
  }

  private static List<Row> select(List<Row> rows, Predicate<Row> wanted) {
    return rows.stream().filter(wanted).toList();
  }

  private boolean print(String title, List<Row> rows, List<String> head, List<String> more)
      throws Exception {
    var heads = new ArrayList<String>();
    heads.add("call");
    heads.addAll(head);
    heads.addAll(more);
    out.println("## " + title);
    out.println();
    line(heads);
    line(heads.stream().map(_ -> "---").toList());
    boolean asSaid = true;
    for (var row : rows) {
      var gaps = new Gaps(row, Place.TASK);
      asSaid &= gaps.are(row.others());
      var cells = new ArrayList<String>();
      cells.add(row.call());
      cells.add(gaps.toString());
      cells.addAll(cancelled(row, Place.TASK));
      if (row.others() == Others.STAND_STILL && row.because().isEmpty()) {
        cells.add(new Gaps(row, Place.THREAD).toString());
        var there = cancelled(row, Place.THREAD);
        cells.add(there.getFirst());
        cells.add(there.getLast());
      }
      if (!row.because().isEmpty()) {
        cells.add(row.because());
      }
      line(cells);
    }
    out.println();
    return asSaid;
  }

  private void line(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
    out.flush();
  }

  /** Where a call is made. */
  private enum Place {
    /** In the task. */
    TASK {
      @Override
      Object call(Callable<?> wait) throws Exception {
        return wait.call();
      }
    },
    /** On a thread that the task waits for. */
    THREAD {
      @Override
      Object call(Callable<?> wait) {
        return Async.toThread(wait::call);
      }
    };

    abstract Object call(Callable<?> wait) throws Exception;
  }

  private static EventLoop loop() {
    return EventLoop.builder().stallThreshold(Duration.ZERO).build();
  }

  // --- the gap

  /** The longest gap of the first go, class loading included, and the least of the next ones. */
  private final class Gaps {
    private final double first;
    private double again = Double.MAX_VALUE;
    private double took;

    Gaps(Row row, Place place) throws Exception {
      first = measure(row, place);
      for (int i = 0; i < REPEATS; i++) {
        again = Math.min(again, measure(row, place));
      }
    }

    private double measure(Row row, Place place) throws Exception {
      try (var trial = new Trial(millis)) {
        var wait = row.preparation().prepare(trial);
        return loop()
            .run(() -> {
              var ticker = new Ticker();
              var ticking = Async.createTask(ticker::tick);
              Async.checkpoint();
              long begin = trial.begin();
              Async.createTask(() -> place.call(wait)).await();
              took = (System.nanoTime() - begin) / NANOS_A_MILLI;
              Async.sleep(Duration.ofMillis(2));
              ticking.cancel();
              return ticker.longest;
            });
      }
    }

    boolean are(Others others) {
      return (again > took / 2) == (others == Others.STAND_STILL);
    }

    @Override
    public String toString() {
      return Math.round(first) + " / " + Math.round(again);
    }
  }

  /** Ticks each millisecond, and remembers the longest gap. Confined to a loop. */
  private static final class Ticker {
    private double longest;

    void tick() {
      long last = System.nanoTime();
      while (true) {
        Async.sleep(Duration.ofMillis(1));
        long now = System.nanoTime();
        longest = Math.max(longest, (now - last) / NANOS_A_MILLI);
        last = now;
      }
    }
  }

  // --- the cancel

  /**
   * What a cancel did: how the call ended, the interrupt flag, what is left, how the task ended.
   */
  private List<String> cancelled(Row row, Place place) throws Exception {
    try (var trial = new Trial(millisToCancel)) {
      var wait = row.preparation().prepare(trial);
      var end = new End();
      return loop()
          .run(() -> {
            var task = Async.createTask(() -> end.of(() -> place.call(wait)));
            var cancelled = new long[1];
            trial.begin();
            Trial.later(
                cancelAfterMillis,
                () -> {
                  cancelled[0] = System.nanoTime();
                  task.cancel();
                });
            task.outcome();
            return List.of(
                end.after(cancelled[0], millisToCancel - cancelAfterMillis),
                end.flag ? "set" : "",
                trial.state(),
                task.state().toString().toLowerCase(Locale.ROOT));
          });
    }
  }

  /** How a call ended. Confined to a loop. */
  private static final class End {
    private Object returned;
    private Throwable thrown;
    private boolean flag;
    private long nanos;

    Object of(Callable<?> call) throws Exception {
      try {
        returned = call.call();
        return returned;
      } catch (Throwable t) {
        thrown = t;
        throw t;
      } finally {
        nanos = System.nanoTime();
        flag = Thread.currentThread().isInterrupted();
      }
    }

    String after(long cancelled, long rest) {
      double millis = (nanos - cancelled) / NANOS_A_MILLI;
      if (millis > rest / 2.0) {
        return "does not end it" + (thrown == null ? "" : ", but then " + name(thrown));
      }
      var how = thrown == null ? "it returns" : name(thrown);
      return how + ", " + Math.max(1, Math.round(millis)) + " ms";
    }

    private static String name(Throwable thrown) {
      var message = thrown.getMessage();
      var name = thrown.getClass().getSimpleName();
      var text = "`" + ("Closed by interrupt".equals(message) ? name + ": " + message : name) + "`";
      return thrown.getCause() == null ? text : text + " of " + name(thrown.getCause());
    }
  }
}

package dev.segue.inspect;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes spans of the entries of a {@link Ring}. */
final class Spans {
  private static final Waiting.Kind[] KINDS = Waiting.Kind.values();

  private final List<Span> spans = new ArrayList<>();
  private final Map<Long, Open> open = new HashMap<>();

  /** What a task does since a time. */
  private static final class Open {
    State state;
    long from;
    Waiting.@Nullable Kind waitsFor;
    long number;
    @Nullable Wake wokenBy; // kept while it runs
    long waker;

    Open(State state, long from) {
      this.state = state;
      this.from = from;
    }
  }

  private Spans() {}

  /**
   * The spans in the order in which they ended; those that go on end now.
   *
   * @param now in nanoseconds from the recorder's beginning
   */
  static List<Span> of(Ring.Copy entries, long now) {
    var spans = new Spans();
    var times = times(entries, now);
    for (int entry = 0; entry < times.length; entry++) {
      spans.add(entries, entry, times[entry]);
    }
    spans.open.forEach((task, last) -> spans.close(task, last, now));
    return spans.spans;
  }

  /** When each entry happened: as late as the next one for which the clock was read. */
  private static long[] times(Ring.Copy entries, long now) {
    var times = new long[entries.size()];
    long time = now;
    for (int entry = times.length - 1; entry >= 0; entry--) {
      if (entries.event(entry).hasTime()) {
        time = entries.nanos(entry);
      }
      times[entry] = time;
    }
    return times;
  }

  private void add(Ring.Copy entries, int entry, long time) {
    long task = entries.task(entry);
    var event = entries.event(entry);
    switch (event) {
      case IDLE -> {}
      case DONE -> {
        var last = open.remove(task);
        if (last != null) {
          close(task, last, time);
        }
      }
      case RESUMED -> enter(task, State.RUNNING, time);
      case WAITS -> {
        var waits = enter(task, State.WAITING, time);
        waits.waitsFor = KINDS[(int) (entries.detail(entry) >>> 24)];
        waits.number = entries.detail(entry) & 0xFF_FFFF;
        waits.wokenBy = null;
      }
      default -> {
        var ready = enter(task, State.READY, time - entries.nanos(entry));
        ready.wokenBy = event.wake;
        ready.waker = entries.detail(entry);
      }
    }
  }

  private Open enter(long task, State state, long time) {
    var now = open.get(task);
    if (now == null) {
      now = new Open(state, time);
      open.put(task, now);
      return now;
    }
    long from = Math.max(time, now.from); // as LoopRecorder does
    close(task, now, from);
    now.state = state;
    now.from = from;
    return now;
  }

  private void close(long task, Open last, long to) {
    if (to > last.from || last.state == State.RUNNING) {
      boolean waits = last.state == State.WAITING;
      spans.add(
          new Span(
              task,
              last.state,
              last.from,
              Math.max(to, last.from),
              waits ? last.waitsFor : null,
              waits ? last.number : 0,
              waits ? null : last.wokenBy,
              waits ? 0 : last.waker));
    }
  }
}

package dev.segue.inspect;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Recording} as a trace for Perfetto, as {@code out.pftrace}: a track for each loop, below
 * it one for each task, a slice for each span, and an arrow from the task that woke another one.
 * Pools have a track for each worker, and threads that were recorded one each. A {@link Mark} is an
 * instant on the track of the task or thread that said it.
 */
public final class Perfetto {
  // Numbers of fields and constants, as perfetto_trace.proto has them.
  private static final int PACKET = 1;
  private static final int CLOCK_SNAPSHOT = 6;
  private static final int TIMESTAMP = 8;
  private static final int SEQUENCE = 10;
  private static final int TRACK_EVENT = 11;
  private static final int INTERNED = 12;
  private static final int SEQUENCE_FLAGS = 13;
  private static final int TRACK = 60;
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int INSTANT = 3;
  private static final int CLEARED = 1;
  private static final int NEEDS_INTERNED = 2;
  private static final int REALTIME = 1;
  private static final int BOOTTIME = 6;

  private static final long PROCESS = 1; // the id of its track; all have different ones

  private final OutputStream out;
  private final Map<String, Integer> names = new HashMap<>();
  private final Map<Speaker, Long> taskTracks = new HashMap<>();
  private long tracks = PROCESS;
  private long flows;

  private Perfetto(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes a recording into a file, which is replaced.
   *
   * @param recording what to write
   * @param file the file
   * @throws IOException if that fails
   */
  public static void write(Recording recording, Path file) throws IOException {
    Objects.requireNonNull(recording, "recording must not be null");
    Objects.requireNonNull(file, "file must not be null");
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      new Perfetto(out).write(recording);
    }
  }

  private void write(Recording recording) throws IOException {
    writeClock(recording.began());
    var process = new Protobuf().number(1, 1).text(6, "Segue");
    writeTrack(new Protobuf().number(1, PROCESS).message(3, process));
    for (int i = 0; i < recording.loops().size(); i++) {
      write(i, recording.loops().get(i));
    }
    for (var pool : recording.pools()) {
      write(pool, recording.length().toNanos());
    }
    var threads = writeThreads(recording.threads());
    writeMarks(recording.marks(), threads);
  }

  /** Says which time of day the recording's beginning, 0, was. */
  private void writeClock(Instant began) throws IOException {
    long nanos = Duration.between(Instant.EPOCH, began).toNanos();
    var snapshot =
        new Protobuf()
            .message(1, new Protobuf().number(1, BOOTTIME).number(2, 0))
            .message(1, new Protobuf().number(1, REALTIME).number(2, nanos))
            .number(2, BOOTTIME);
    write(packet().number(SEQUENCE_FLAGS, CLEARED).message(CLOCK_SNAPSHOT, snapshot));
  }

  private long newTrack(long parent, String name) throws IOException {
    long id = ++tracks;
    writeTrack(new Protobuf().number(1, id).text(2, name).number(5, parent));
    return id;
  }

  private void writeTrack(Protobuf track) throws IOException {
    write(packet().message(TRACK, track));
  }

  // --- loops

  /** A task, which may say something. */
  private record Speaker(int loop, long task) {}

  /** A task's spans in the order of time, and the arrows that begin or end at each. */
  private static final class Row {
    final List<Span> spans = new ArrayList<>();
    final TreeMap<Long, Integer> steps = new TreeMap<>(); // by when they begin
    final Map<Integer, List<Long>> flows = new HashMap<>(); // by the span's index

    void addFlow(int span, long id) {
      flows.computeIfAbsent(span, _ -> new ArrayList<>()).add(id);
    }
  }

  private void write(int index, LoopRecording loop) throws IOException {
    long loopTrack = newTrack(PROCESS, "loop " + loop.name());
    var rows = rows(loop);
    for (var task : loop.tasks()) {
      var row = rows.get(task.id());
      if (row != null) {
        // Perfetto joins tracks of one name.
        long track = newTrack(loopTrack, task.name() + " #" + task.id());
        taskTracks.put(new Speaker(index, task.id()), track);
        for (int i = 0; i < row.spans.size(); i++) {
          var span = row.spans.get(i);
          writeSlice(
              track, span.from(), span.to(), text(span), row.flows.getOrDefault(i, List.of()));
        }
      }
    }
  }

  private Map<Long, Row> rows(LoopRecording loop) {
    var rows = new HashMap<Long, Row>();
    loop.spans().stream()
        .sorted(Comparator.comparingLong(Span::from))
        .forEach(span -> {
          var row = rows.computeIfAbsent(span.task(), _ -> new Row());
          if (span.state() == State.RUNNING) {
            row.steps.put(span.from(), row.spans.size());
          }
          row.spans.add(span);
        });
    rows.values()
        .forEach(row -> {
          for (int i = 0; i < row.spans.size(); i++) {
            var span = row.spans.get(i);
            var waker = span.state() == State.READY ? rows.get(span.waker()) : null;
            var step = waker == null ? null : waker.steps.floorEntry(span.from());
            if (waker != null && step != null) {
              long id = ++flows;
              waker.addFlow(step.getValue(), id);
              row.addFlow(i, id);
            }
          }
        });
    return rows;
  }

  private static String text(Span span) {
    return switch (span.state()) {
      case RUNNING -> "runs";
      case READY -> "ready";
      case WAITING -> {
        var kind = span.waitsFor();
        var what = kind == null ? "" : " " + Lanes.text(kind);
        yield "waits" + what + (span.number() == 0 ? "" : " " + span.number());
      }
    };
  }

  // --- pools, threads and marks

  private void write(PoolRecording pool, long length) throws IOException {
    long poolTrack = newTrack(PROCESS, "pool " + pool.name());
    var ran = pool.begunByWorker();
    for (var worker : pool.workers()) {
      long track = newTrack(poolTrack, worker.name());
      long free = 0;
      for (var task : ran.getOrDefault(worker.name(), List.of())) {
        // One that a worker has ahead begins when it has ended those before.
        long from = Math.max(free, task.began());
        long to = task.ended() < 0 ? length : task.ended();
        if (from <= to) {
          var name = task.title();
          writeSlice(track, from, to, name, List.of());
          free = to;
        }
      }
    }
  }

  private record ThreadTrack(ThreadRecording thread, long id) {
    boolean saysAt(long time, long speaker) {
      var spans = thread.spans();
      return thread.id() == speaker
          && !spans.isEmpty()
          && spans.getFirst().from() <= time
          && time <= spans.getLast().to();
    }
  }

  private List<ThreadTrack> writeThreads(List<ThreadRecording> threads) throws IOException {
    var groups = new HashMap<String, Long>();
    var threadTracks = new ArrayList<ThreadTrack>();
    for (var thread : threads) {
      var group = groups.get(thread.group());
      if (group == null) {
        group = newTrack(PROCESS, "threads of " + thread.group());
        groups.put(thread.group(), group);
      }
      long track = newTrack(group, thread.name() + " #" + thread.id());
      threadTracks.add(new ThreadTrack(thread, track));
      for (var period : thread.spans()) {
        var doing = period.state() == State.RUNNING ? "runs" : ("waits " + period.doing()).strip();
        writeSlice(track, period.from(), period.to(), doing, List.of());
      }
    }
    return threadTracks;
  }

  private void writeMarks(List<Mark> marks, List<ThreadTrack> threads) throws IOException {
    long others = 0;
    for (var mark : marks) {
      var track = track(mark, threads);
      if (track == null) {
        others = others == 0 ? newTrack(PROCESS, "marks") : others;
        track = others;
      }
      write(
          event(
              mark.at(),
              new Protobuf().number(9, INSTANT).number(10, nameId(mark.text())).number(11, track)));
    }
  }

  /** That of the task or thread that said it, if it has one. */
  private @Nullable Long track(Mark mark, List<ThreadTrack> threads) {
    if (mark.loop() != null) {
      return taskTracks.get(new Speaker(mark.loop(), mark.task()));
    }
    return threads.stream()
        .filter(thread -> thread.saysAt(mark.at(), mark.thread()))
        .map(ThreadTrack::id)
        .findFirst()
        .orElse(null);
  }

  // --- packets

  private void writeSlice(long track, long from, long to, String name, List<Long> flowIds)
      throws IOException {
    var begin = new Protobuf().number(9, BEGIN).number(10, nameId(name)).number(11, track);
    for (long id : flowIds) {
      begin.fixed(47, id);
    }
    write(event(from, begin));
    write(event(to, new Protobuf().number(9, END).number(11, track)));
  }

  /** The number of a name, which is written down the first time. */
  private int nameId(String name) throws IOException {
    var known = names.get(name);
    if (known != null) {
      return known;
    }
    int id = names.size() + 1;
    names.put(name, id);
    var entry = new Protobuf().number(1, id).text(2, name);
    write(
        packet()
            .number(SEQUENCE_FLAGS, NEEDS_INTERNED)
            .message(INTERNED, new Protobuf().message(2, entry)));
    return id;
  }

  private static Protobuf event(long time, Protobuf event) {
    return packet()
        .number(SEQUENCE_FLAGS, NEEDS_INTERNED)
        .number(TIMESTAMP, time)
        .message(TRACK_EVENT, event);
  }

  private static Protobuf packet() {
    return new Protobuf().number(SEQUENCE, 1);
  }

  private void write(Protobuf packet) throws IOException {
    new Protobuf().message(PACKET, packet).writeTo(out);
  }
}

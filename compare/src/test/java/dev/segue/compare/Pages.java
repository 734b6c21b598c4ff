package dev.segue.compare;

import static dev.segue.compare.Model.EVENT_LOOP;
import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Model.THREAD_POOL;
import static dev.segue.compare.Model.VIRTUAL_THREADS;
import static dev.segue.compare.Reports.MS;
import static dev.segue.compare.Reports.WAITS;

import dev.segue.Waiting;
import dev.segue.Wake;
import dev.segue.inspect.Ending;
import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.PoolRecording;
import dev.segue.inspect.PoolTaskRecord;
import dev.segue.inspect.Recording;
import dev.segue.inspect.RecordingFile;
import dev.segue.inspect.Span;
import dev.segue.inspect.State;
import dev.segue.inspect.TaskRecord;
import dev.segue.inspect.ThreadRecording;
import dev.segue.inspect.ThreadRecording.Period;
import dev.segue.inspect.WorkerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reports to be shown; {@code main} writes their pages into a folder, for a look at them. */
final class Pages {
  private Pages() {}

  static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    ComparisonPage.write(waits("dev.example.Fetch"), folder.resolve("waits.html"));
    ComparisonPage.write(sweep(), folder.resolve("sweep.html"));
    ReportPicture.write(waits("dev.example.Fetch"), folder.resolve("waits.svg"));
  }

  /** With a model that is wrong, one that could not run, one that stalled, and recordings. */
  static Report waits(String workload) throws IOException {
    return Reports.report(
        workload,
        Reports.of(WAITS)
            .with(SYNC, 2_004, 40, 62)
            .withAll(THREADS, 60, 90, 31, 30, 33, 29.5, 32, 31.5)
            .withAll(THREAD_POOL, 45, 66, 262, 258, 266, 270, 259)
            .withAll(VIRTUAL_THREADS, 48, 74, 24, 23.6, 24.4, 25.1, 23.9)
            .withAll(EVENT_LOOP, 44, 70, 26, 25.4, 26.3, 27.8, 26.2)
            .with(new ModelResult(PROCESS_POOL, 0, 0, true, List.of()))
            .found(
                new Finding(
                    THREADS,
                    Finding.Kind.WRONG_RESULT,
                    "The counter is 9,961 after 10,000 increments: 39 updates were lost. Guard it with"
                        + " a lock, or use AtomicInteger.",
                    "Fetch.count(Fetch.java:31)"))
            .found(
                new Finding(
                    PROCESS_POOL,
                    Finding.Kind.NOT_SERIALIZABLE,
                    "The job cannot travel to a process: java.net.http.HttpClient is not"
                        + " serializable, in Fetch.client. Create it in the job.",
                    null))
            .found(
                new Finding(
                    EVENT_LOOP,
                    Finding.Kind.STALL,
                    "A job held the event loop for 61 ms at Fetch.parse(Fetch.java:40).",
                    "Fetch.parse(Fetch.java:40)"))
            .recorded(SYNC, bytes(thread()))
            .recorded(THREAD_POOL, bytes(pool("thread pool")))
            .recorded(EVENT_LOOP, bytes(loop()))
            .point());
  }

  /** Jobs from 10 µs to 100 ms, which compute. */
  static Report sweep() {
    var points = new ArrayList<Report.Point>();
    for (double ms : new double[] {0.01, 0.1, 1, 10, 100}) {
      long nanos = (long) (ms * MS);
      double sync = 100 * ms;
      points.add(
          Reports.of(new JobProfile(100, 0.01, nanos, nanos, 100 * nanos, 120))
              .with(SYNC, sync, sync, 60)
              .with(THREADS, sync / 3.5 + 4, sync + 6, 75)
              .with(THREAD_POOL, sync / 3.9 + 0.4, sync + 1, 62)
              .with(VIRTUAL_THREADS, sync / 3.8 + 0.3, sync + 1, 66)
              .with(EVENT_LOOP, sync + 0.2, sync + 1, 66)
              .with(PROCESS_POOL, sync / 3.7 + 9, sync + 30, 280)
              .at("length", Times.text(Duration.ofNanos(nanos))));
    }
    return Reports.report("dev.example.Hash", points.toArray(Report.Point[]::new));
  }

  private static byte[] bytes(Recording recording) throws IOException {
    var file = Files.createTempFile("pages", ".segue");
    try {
      RecordingFile.write(recording, file);
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  private static Recording recording(
      long ms,
      List<LoopRecording> loops,
      List<PoolRecording> pools,
      List<ThreadRecording> threads) {
    return new Recording(
        Instant.EPOCH, Duration.ofMillis(ms), loops, pools, threads, List.of(), List.of());
  }

  private static Recording thread() {
    var periods = new ArrayList<Period>();
    for (int i = 0; i < 20; i++) {
      periods.add(new Period(State.RUNNING, i * 20 * MS, (i * 20 + 1) * MS, ""));
      var waits = "in Thread.sleep, at Fetch.java:20";
      periods.add(new Period(State.WAITING, (i * 20 + 1) * MS, (i + 1) * 20 * MS, waits));
    }
    var thread = new ThreadRecording("one after the other", "main", 1, periods);
    return recording(400, List.of(), List.of(), List.of(thread));
  }

  private static Recording pool(String name) {
    var tasks = new ArrayList<PoolTaskRecord>();
    for (int i = 0; i < 300; i++) {
      long from = i / 4 * MS;
      tasks.add(
          new PoolTaskRecord(
              i, "job " + i, "main", 0, from, from + MS - 1, "worker " + i % 4, Ending.SUCCESS));
    }
    var workers = new ArrayList<WorkerRecord>();
    for (int i = 0; i < 4; i++) {
      workers.add(new WorkerRecord("worker " + i, 0, -1));
    }
    return recording(75, List.of(), List.of(new PoolRecording(name, tasks, workers, 0)), List.of());
  }

  private static Recording loop() {
    var tasks = new ArrayList<TaskRecord>();
    var spans = new ArrayList<Span>();
    for (int id = 1; id <= 12; id++) {
      long begin = id * MS / 4;
      var some = Duration.ofMillis(1);
      tasks.add(
          new TaskRecord(
              id,
              "job " + id,
              0,
              Duration.ZERO,
              Ending.SUCCESS,
              Duration.ofMillis(25),
              1,
              some,
              some,
              some,
              some,
              0,
              null,
              null,
              null));
      spans.add(span(id, State.RUNNING, begin, begin + MS / 4));
      spans.add(span(id, State.WAITING, begin + MS / 4, begin + 21 * MS));
      spans.add(span(id, State.RUNNING, begin + 21 * MS, begin + 21 * MS + MS / 4));
    }
    var loop = new LoopRecording("loop", tasks, spans, List.of(), List.of(), List.of(), 0, 0);
    return recording(26, List.of(loop), List.of(), List.of());
  }

  private static Span span(long task, State state, long from, long to) {
    var kind = state == State.WAITING ? Waiting.Kind.SLEEP : null;
    return new Span(task, state, from, to, kind, 0, Wake.TIMER, 0);
  }
}

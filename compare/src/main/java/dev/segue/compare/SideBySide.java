package dev.segue.compare;

import static java.util.stream.Collectors.toSet;

import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.Page;
import dev.segue.inspect.PoolRecording;
import dev.segue.inspect.Recording;
import dev.segue.inspect.RecordingFile;
import dev.segue.inspect.TaskRecord;
import dev.segue.inspect.ThreadRecording;
import dev.segue.inspect.WorkerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The recordings of several models as one, in which each has its model's name. Of each, a few
 * threads or tasks are enough: the first, and those that a finding is about.
 */
final class SideBySide {
  private static final int MOST = 8;

  /** Of a page of {@code inspect}, in pixels. */
  private static final int ROW = 20;

  private static final int AROUND_ROWS = 300;

  private final List<String> names = new ArrayList<>();
  private final List<LoopRecording> loops = new ArrayList<>();
  private final List<PoolRecording> pools = new ArrayList<>();
  private final List<ThreadRecording> threads = new ArrayList<>();

  private Instant began = Instant.MAX;
  private Duration length = Duration.ZERO;

  private SideBySide() {}

  /**
   * Puts them side by side.
   *
   * @param recordings one or more, as a {@link RecordingFile} has them, all beginning at 0
   * @param order the models, as they are to follow each other
   */
  static SideBySide of(Map<Model, byte[]> recordings, List<Model> order) throws IOException {
    var all = new SideBySide();
    for (var model : order) {
      var bytes = recordings.get(model);
      if (bytes != null) {
        var recording = read(bytes);
        all.add(model.title(), recording);
      }
    }
    return all;
  }

  /** The page that shows them. */
  String page() {
    return Page.of(
        new Recording(began, length, loops, pools, threads, List.of(), List.of()), names);
  }

  /** How high that page is if all rows are to be seen, in pixels. */
  int height() {
    int rows =
        names.size()
            + loops.stream().mapToInt(loop -> loop.tasks().size()).sum()
            + pools.stream().mapToInt(pool -> pool.workers().size()).sum()
            + threads.size();
    return AROUND_ROWS + ROW * rows;
  }

  private static Recording read(byte[] bytes) throws IOException {
    var file = Files.createTempFile("segue-compare", ".segue");
    try {
      Files.write(file, bytes);
      return RecordingFile.read(file);
    } finally {
      Files.delete(file);
    }
  }

  private void add(String title, Recording recording) {
    began = began.isBefore(recording.began()) ? began : recording.began();
    length = length.compareTo(recording.length()) < 0 ? recording.length() : length;
    for (int i = 0; i < recording.loops().size(); i++) {
      loops.add(some(title, recording, i));
    }
    for (var pool : recording.pools()) {
      pools.add(some(title, pool));
    }
    var alive = recording.threads().stream().filter(thread -> !thread.spans().isEmpty()).toList();
    if (!alive.isEmpty()) {
      var name = name(title, alive.size());
      for (var thread : some(alive)) {
        threads.add(new ThreadRecording(name, thread.name(), thread.id(), thread.spans()));
      }
    }
  }

  /** The first few, but before those of libraries that the jobs use the jobs' own. */
  static List<ThreadRecording> some(List<ThreadRecording> threads) {
    return threads.stream()
        .sorted(Comparator.comparing(thread -> !runsJobs(thread.name())))
        .limit(MOST)
        .toList();
  }

  private static boolean runsJobs(String thread) {
    return thread.startsWith(Runner.JOB) || thread.startsWith(Runner.WORKER);
  }

  private String name(String title, int size) {
    var name = size <= MOST ? title : title + " (" + MOST + " of " + Figures.count(size) + ")";
    names.add(name);
    return name;
  }

  private LoopRecording some(String title, Recording recording, int index) {
    var loop = recording.loops().get(index);
    var found = new HashSet<Long>();
    recording.findings().stream()
        .filter(finding -> finding.loop() == index)
        .forEach(finding -> found.add(finding.task()));
    var tasks = new ArrayList<TaskRecord>();
    for (var task : loop.tasks()) {
      if (tasks.size() < MOST || found.contains(task.id())) {
        tasks.add(task);
      }
    }
    return new LoopRecording(
        name(title, loop.tasks().size()),
        tasks,
        loop.spans(),
        loop.stalls(),
        loop.failures(),
        loop.graphs(),
        loop.lostEvents(),
        loop.lostTasks());
  }

  private PoolRecording some(String title, PoolRecording pool) {
    var workers = pool.workers().subList(0, Math.min(MOST, pool.workers().size()));
    var shown = workers.stream().map(WorkerRecord::name).collect(toSet());
    return new PoolRecording(
        name(title, pool.workers().size()),
        pool.tasks().stream().filter(task -> shown.contains(task.worker())).toList(),
        workers,
        pool.lostTasks());
  }
}

package dev.segue.compare;

import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.PoolRecording;
import dev.segue.inspect.Recording;
import dev.segue.inspect.RecordingFile;
import dev.segue.inspect.ThreadRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The recordings of several models as one, in which each begins at 0 and has its model's name. */
final class SideBySide {
  private final List<LoopRecording> loops = new ArrayList<>();
  private final List<PoolRecording> pools = new ArrayList<>();
  private final List<ThreadRecording> threads = new ArrayList<>();

  private SideBySide() {}

  /**
   * Puts recordings together.
   *
   * @param recordings one or more, as a {@link RecordingFile} has them
   */
  static Recording of(Map<Model, byte[]> recordings) throws IOException {
    var all = new SideBySide();
    var length = Duration.ZERO;
    Recording first = null;
    for (var model : Model.values()) {
      var bytes = recordings.get(model);
      if (bytes != null) {
        var recording = read(bytes);
        first = first == null ? recording : first;
        length = length.compareTo(recording.length()) < 0 ? recording.length() : length;
        all.add(model.title(), recording);
      }
    }
    if (first == null) {
      throw new IllegalArgumentException("recordings must not be empty");
    }
    return new Recording(first.began(), length, all.loops, all.pools, all.threads, List.of());
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
    for (var loop : recording.loops()) {
      loops.add(
          new LoopRecording(
              title,
              loop.tasks(),
              loop.spans(),
              loop.stalls(),
              loop.failures(),
              loop.graphs(),
              loop.lostEvents(),
              loop.lostTasks()));
    }
    for (var pool : recording.pools()) {
      pools.add(new PoolRecording(title, pool.tasks(), pool.workers(), pool.lostTasks()));
    }
    for (var thread : recording.threads()) {
      threads.add(new ThreadRecording(title, thread.name(), thread.id(), thread.spans()));
    }
  }
}

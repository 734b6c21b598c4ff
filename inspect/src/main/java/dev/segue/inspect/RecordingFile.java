package dev.segue.inspect;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * A {@link Recording} in a compact file, as {@code out.segue}: about 5 bytes a span. {@code segue
 * report out.segue} makes a page of it.
 *
 * <p>The file begins with a line that names the format and its version; the rest is compressed.
 * What a later version adds, an earlier one leaves out.
 */
public final class RecordingFile {
  private static final String FORMAT = "segue recording 1\n";
  private static final String FORMAT_OF_ANY_VERSION = "segue recording ";

  private RecordingFile() {}

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
      out.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
      try (var compressed = new GZIPOutputStream(out, 1 << 16)) {
        columns(recording).writeTo(compressed);
      }
    }
  }

  /**
   * Reads a recording.
   *
   * @param file a file that {@link #write} wrote
   * @return what was recorded
   * @throws IOException if the file cannot be read, is no recording, is damaged, or of a later
   *     format; the message says which
   */
  public static Recording read(Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      checkFormat(in, file);
      try (var expanded = new BufferedInputStream(new GZIPInputStream(in, 1 << 16))) {
        var columns = Columns.readFrom(expanded);
        if (expanded.read() != -1) { // which checks the sum at the end, too
          throw new IOException(file + " is damaged: it goes on behind its end");
        }
        return recording(columns);
      } catch (EOFException e) {
        throw new IOException(file + " is damaged: it ends too early", e);
      } catch (ZipException | IllegalArgumentException e) {
        throw new IOException(file + " is damaged: " + e.getMessage(), e);
      }
    }
  }

  private static void checkFormat(InputStream in, Path file) throws IOException {
    var head = new String(in.readNBytes(FORMAT.length()), StandardCharsets.ISO_8859_1);
    if (!head.startsWith(FORMAT_OF_ANY_VERSION)) {
      throw new IOException(file + " is not a recording of Segue's");
    } else if (!head.equals(FORMAT)) {
      throw new IOException(file + " was written by a later version of Segue");
    }
  }

  // --- what is in which column

  private static Columns columns(Recording recording) {
    var columns = new Columns();
    var one = List.of(recording);
    var began = recording.began();
    var secondsAndNanos = List.of(began.getEpochSecond(), (long) began.getNano());
    columns.putNumbers("recording.began", secondsAndNanos, Long::longValue);
    columns.putNumbers("recording.length", one, it -> it.length().toNanos());
    var loops = recording.loops();
    columns.putTexts("loops.name", loops, LoopRecording::name);
    columns.putNumbers("loops.tasks", loops, loop -> loop.tasks().size());
    columns.putNumbers("loops.spans", loops, loop -> loop.spans().size());
    columns.putNumbers("loops.lostEvents", loops, LoopRecording::lostEvents);
    columns.putNumbers("loops.lostTasks", loops, LoopRecording::lostTasks);
    putTasks(columns, loops.stream().flatMap(loop -> loop.tasks().stream()).toList());
    putSpans(columns, loops.stream().flatMap(loop -> loop.spans().stream()).toList());
    return columns;
  }

  private static void putTasks(Columns columns, List<TaskRecord> tasks) {
    columns.putNumbers("tasks.id", tasks, TaskRecord::id);
    columns.putTexts("tasks.name", tasks, TaskRecord::name);
    columns.putNumbers("tasks.parent", tasks, TaskRecord::parent);
    columns.putNumbers("tasks.created", tasks, task -> task.created().toNanos());
    columns.putConstants("tasks.ending", tasks, Ending.class, TaskRecord::ending);
    columns.putNumbers("tasks.ended", tasks, task -> task.ended().toNanos());
    columns.putNumbers("tasks.steps", tasks, TaskRecord::steps);
    columns.putNumbers("tasks.running", tasks, task -> task.running().toNanos());
    columns.putNumbers("tasks.ready", tasks, task -> task.ready().toNanos());
    columns.putNumbers("tasks.waiting", tasks, task -> task.waiting().toNanos());
    columns.putNumbers("tasks.longestStep", tasks, task -> task.longestStep().toNanos());
  }

  private static void putSpans(Columns columns, List<Span> spans) {
    columns.putNumbers("spans.task", spans, Span::task);
    columns.putConstants("spans.state", spans, State.class, Span::state);
    // Spans follow each other closely in the order of their ends.
    columns.putNumbers("spans.to", spans, Span::to);
    columns.putNumbers("spans.nanos", spans, Span::nanos);
    columns.putConstants("spans.waitsFor", spans, Waiting.Kind.class, Span::waitsFor);
    columns.putNumbers("spans.number", spans, Span::number);
    columns.putConstants("spans.wokenBy", spans, Wake.class, Span::wokenBy);
    columns.putNumbers("spans.waker", spans, Span::waker);
  }

  private static Recording recording(Columns columns) throws IOException {
    var tasks = tasks(columns);
    var spans = spans(columns);
    int rows = columns.rows("loops.name");
    var names = columns.texts("loops.name", rows);
    var taskCounts = columns.numbers("loops.tasks", rows);
    var spanCounts = columns.numbers("loops.spans", rows);
    var lostEvents = columns.numbers("loops.lostEvents", rows);
    var lostTasks = columns.numbers("loops.lostTasks", rows);
    var loops = new ArrayList<LoopRecording>();
    int task = 0;
    int span = 0;
    for (int i = 0; i < rows; i++) {
      int tasksEnd = end(task, taskCounts.get(i), tasks);
      int spansEnd = end(span, spanCounts.get(i), spans);
      loops.add(
          new LoopRecording(
              names.get(i),
              tasks.subList(task, tasksEnd),
              spans.subList(span, spansEnd),
              List.of(),
              List.of(),
              List.of(),
              lostEvents.get(i),
              lostTasks.get(i)));
      task = tasksEnd;
      span = spansEnd;
    }
    var secondsAndNanos = columns.numbers("recording.began", 2);
    var began = Instant.ofEpochSecond(secondsAndNanos.getFirst(), secondsAndNanos.getLast());
    var length = Duration.ofNanos(columns.numbers("recording.length", 1).getFirst());
    return new Recording(began, length, loops, List.of(), List.of(), List.of());
  }

  private static int end(int from, long count, List<?> all) throws IOException {
    if (count < 0 || count > all.size() - from) {
      throw new IOException("a loop has more rows than there are");
    }
    return from + (int) count;
  }

  private static List<TaskRecord> tasks(Columns columns) throws IOException {
    int rows = columns.rows("tasks.id");
    var ids = columns.numbers("tasks.id", rows);
    var names = columns.texts("tasks.name", rows);
    var parents = columns.numbers("tasks.parent", rows);
    var created = columns.numbers("tasks.created", rows);
    var endings = columns.constants("tasks.ending", rows, Ending.class);
    var ended = columns.numbers("tasks.ended", rows);
    var steps = columns.numbers("tasks.steps", rows);
    var running = columns.numbers("tasks.running", rows);
    var ready = columns.numbers("tasks.ready", rows);
    var waiting = columns.numbers("tasks.waiting", rows);
    var longestSteps = columns.numbers("tasks.longestStep", rows);
    var tasks = new ArrayList<TaskRecord>(rows);
    for (int i = 0; i < rows; i++) {
      tasks.add(
          new TaskRecord(
              ids.get(i),
              names.get(i),
              parents.get(i),
              Duration.ofNanos(created.get(i)),
              Objects.requireNonNullElse(endings.get(i), Ending.NONE),
              Duration.ofNanos(ended.get(i)),
              steps.get(i),
              Duration.ofNanos(running.get(i)),
              Duration.ofNanos(ready.get(i)),
              Duration.ofNanos(waiting.get(i)),
              Duration.ofNanos(longestSteps.get(i)),
              0,
              null,
              null,
              null));
    }
    return tasks;
  }

  private static List<Span> spans(Columns columns) throws IOException {
    int rows = columns.rows("spans.task");
    var tasks = columns.numbers("spans.task", rows);
    var states = columns.constants("spans.state", rows, State.class);
    var ends = columns.numbers("spans.to", rows);
    var nanos = columns.numbers("spans.nanos", rows);
    var kinds = columns.constants("spans.waitsFor", rows, Waiting.Kind.class);
    var numbers = columns.numbers("spans.number", rows);
    var wakes = columns.constants("spans.wokenBy", rows, Wake.class);
    var wakers = columns.numbers("spans.waker", rows);
    var spans = new ArrayList<Span>(rows);
    for (int i = 0; i < rows; i++) {
      spans.add(
          new Span(
              tasks.get(i),
              Objects.requireNonNullElse(states.get(i), State.WAITING),
              ends.get(i) - nanos.get(i),
              ends.get(i),
              kinds.get(i),
              numbers.get(i),
              wakes.get(i),
              wakers.get(i)));
    }
    return spans;
  }
}

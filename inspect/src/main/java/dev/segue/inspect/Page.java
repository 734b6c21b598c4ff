package dev.segue.inspect;

import dev.segue.Waiting;
import dev.segue.Wake;
import dev.segue.inspect.Lanes.Lane;
import dev.segue.inspect.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.zip.GZIPOutputStream;

/**
 * The page that shows a {@link Recording}: one HTML file, which loads nothing and may be sent to
 * somebody. It has a timeline of all tasks, what stands out, and a table.
 *
 * <p>The names of loops and tasks are shown as text, whatever is in them.
 */
public final class Page {
  private static final List<String> KINDS =
      Arrays.stream(Waiting.Kind.values()).map(Page::text).toList();
  private static final List<String> WAKES = Arrays.stream(Wake.values()).map(Page::text).toList();
  private static final List<String> ENDINGS =
      Arrays.stream(Ending.values()).map(Page::text).toList();

  private Page() {}

  /**
   * Writes the page of a recording into a file, which is replaced.
   *
   * @param recording what to show
   * @param file the file, as {@code out.html}
   * @throws IOException if that fails
   */
  public static void write(Recording recording, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(recording));
  }

  /**
   * Returns the page of a recording.
   *
   * @param recording what to show
   * @return HTML
   */
  public static String of(Recording recording) {
    Objects.requireNonNull(recording, "recording must not be null");
    var style = resource("page.css");
    var script = resource("page.js");
    return resource("page.html")
        .replace("%STYLE_HASH%", hash(style))
        .replace("%SCRIPT_HASH%", hash(script))
        .replace("%STYLE%", style)
        .replace("%DATA%", Base64.getEncoder().encodeToString(data(recording)))
        .replace("%SCRIPT%", script);
  }

  private static String resource(String name) {
    try (var in = Page.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page's policy allows: this text, and no other. */
  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  // --- the data: a head as JSON, and columns of numbers, as page.js reads them

  private static byte[] data(Recording recording) {
    var lanes = Lanes.of(recording.loops());
    var head = head(recording, lanes).getBytes(StandardCharsets.UTF_8);
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(head.length)
              .array());
      out.write(head);
      writeGaps(lanes, out);
      writeColumn(lanes, out, Span::nanos);
      writeColumn(lanes, out, span -> code(span.state()));
      writeColumn(lanes, out, span -> span.waitsFor() == null ? 0 : 1 + span.waitsFor().ordinal());
      writeColumn(lanes, out, Span::number);
      writeColumn(lanes, out, span -> span.wokenBy() == null ? 0 : 1 + span.wokenBy().ordinal());
      writeColumn(lanes, out, Span::waker);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** As page.js names them. */
  private static int code(State state) {
    return switch (state) {
      case WAITING -> 0;
      case READY -> 1;
      case RUNNING -> 2;
    };
  }

  private static void writeGaps(List<Lane> lanes, GZIPOutputStream out) throws IOException {
    for (var lane : lanes) {
      long end = 0;
      for (var span : lane.spans()) {
        Columns.writeNumber(out, Math.max(0, span.from() - end));
        end = Math.max(end, span.from()) + span.nanos();
      }
    }
  }

  private static void writeColumn(
      List<Lane> lanes, GZIPOutputStream out, ToLongFunction<Span> column) throws IOException {
    for (var lane : lanes) {
      for (var span : lane.spans()) {
        Columns.writeNumber(out, column.applyAsLong(span));
      }
    }
  }

  private static String head(Recording recording, List<Lane> lanes) {
    var first = new ArrayList<Integer>();
    int spans = 0;
    for (var lane : lanes) {
      first.add(spans);
      spans += lane.spans().size();
    }
    first.add(spans);
    return Json.of(
        Map.ofEntries(
            Map.entry("began", began(recording)),
            Map.entry("length", recording.length().toNanos()),
            Map.entry("held", Findings.HELD_NANOS),
            Map.entry("lost", lost(recording)),
            Map.entry("spans", spans),
            Map.entry("first", first),
            Map.entry("kinds", withNone(KINDS)),
            Map.entry("wakes", withNone(WAKES)),
            Map.entry("endings", ENDINGS),
            Map.entry(
                "findings",
                recording.findings().stream().map(each -> finding(each, lanes)).toList()),
            Map.entry("lanes", lanes.stream().map(Page::lane).toList())));
  }

  private static String began(Recording recording) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
        .withZone(ZoneId.systemDefault())
        .format(recording.began());
  }

  private static String lost(Recording recording) {
    long events = recording.loops().stream().mapToLong(LoopRecording::lostEvents).sum();
    return events == 0
        ? ""
        : String.format(Locale.ROOT, "%,d earlier events were overwritten by these", events);
  }

  private static List<String> withNone(List<String> texts) {
    var all = new ArrayList<String>();
    all.add("");
    all.addAll(texts);
    return all;
  }

  static String text(Waiting.Kind kind) {
    return switch (kind) {
      case SLEEP -> "sleep";
      case TASK -> "for task";
      case TASKS -> "for the next of several tasks";
      case GROUP -> "for the tasks of a group";
      case LOCK -> "for lock";
      case CONDITION -> "for a condition of lock";
      case SEMAPHORE -> "for semaphore";
      case EVENT -> "for event";
      case QUEUE -> "for queue";
      case BARRIER -> "at barrier";
      case FUTURE -> "for a future";
      case THREAD -> "for a thread";
      case EXECUTOR -> "for an executor";
      case INPUT -> "for input";
      case JDK -> "in a JDK wait";
    };
  }

  private static String text(Wake wake) {
    return switch (wake) {
      case START -> "created by";
      case TASK -> "woken by";
      case TIMER -> "woken by a timer";
      case THREAD -> "woken by another thread";
      case YIELD -> "after it let the others run";
    };
  }

  private static String text(Ending ending) {
    return switch (ending) {
      case NONE -> "not yet";
      case SUCCESS -> "returned";
      case FAILURE -> "failed";
      case CANCELLATION -> "was cancelled";
    };
  }

  private static Map<String, Object> finding(Finding finding, List<Lane> lanes) {
    int found = 0;
    for (int i = 0; i < lanes.size(); i++) {
      var lane = lanes.get(i);
      if (lane.task() != null
          && lane.task().id() == finding.task()
          && lane.loop() == finding.loop()) {
        found = i;
      }
    }
    return Map.of(
        "title", finding.title(),
        "advice", finding.advice(),
        "lane", found,
        "from", finding.from(),
        "to", finding.to());
  }

  private static Map<String, Object> lane(Lane lane) {
    var task = lane.task();
    return task == null
        ? Map.of("loop", lane.loop(), "name", lane.name(), "depth", lane.depth())
        : Map.of(
            "loop", lane.loop(),
            "name", lane.name(),
            "depth", lane.depth(),
            "task",
                List.of(
                    task.id(),
                    task.name(),
                    task.parent(),
                    task.created().toNanos(),
                    task.ending().ordinal(),
                    task.ended().toNanos(),
                    task.steps(),
                    task.running().toNanos(),
                    task.ready().toNanos(),
                    task.waiting().toNanos(),
                    task.longestStep().toNanos()));
  }
}

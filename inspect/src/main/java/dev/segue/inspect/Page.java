package dev.segue.inspect;

import dev.segue.Wake;
import dev.segue.inspect.Lanes.Box;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The page that shows a {@link Recording}: one HTML file, which loads nothing and may be sent to
 * somebody. It has a timeline of all tasks, what stands out, and a table.
 *
 * <p>The names of loops and tasks are shown as text, whatever is in them.
 */
public final class Page {
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
    return of(recording, List.of());
  }

  /**
   * Returns the page of a recording, with some of its parts in a given order.
   *
   * @param recording what to show
   * @param order names of loops, pools and groups of threads, which come in this order before all
   *     others, and with no other name than this
   * @return HTML
   */
  public static String of(Recording recording, List<String> order) {
    Objects.requireNonNull(recording, "recording must not be null");
    Objects.requireNonNull(order, "order must not be null");
    var style = resource("page.css");
    var script = resource("page.js");
    var graphs = graphs(recording);
    return resource("page.html")
        .replace("%STYLE_HASH%", hash(style))
        .replace("%SCRIPT_HASH%", hash(script))
        .replace("%STYLE%", style)
        .replace("%DATA%", Base64.getEncoder().encodeToString(data(recording, order)))
        .replace("%SCRIPT%", script)
        .replace("%GRAPHS_HIDDEN%", graphs.isEmpty() ? " hidden" : "")
        .replace("%GRAPHS%", graphs); // the last: there are names in it
  }

  /**
   * Returns the style of every page, as a source of {@code style-src}. A frame whose content is in
   * its {@code srcdoc} is bound by the policy of the page around it, too: that page names this.
   *
   * @return such as {@code 'sha256-…'}
   */
  public static String styleSource() {
    return "'sha256-" + hash(resource("page.css")) + "'";
  }

  /**
   * Returns the script of every page, as a source of {@code script-src}: see {@link #styleSource}.
   *
   * @return such as {@code 'sha256-…'}
   */
  public static String scriptSource() {
    return "'sha256-" + hash(resource("page.js")) + "'";
  }

  /** The drawings of who waits for whom, the last first: the others are of deadlocks. */
  private static String graphs(Recording recording) {
    var figures = new StringBuilder();
    for (var loop : recording.loops()) {
      for (var graph : loop.graphs().reversed()) {
        figures
            .append("<figure><figcaption>loop ")
            .append(GraphSvg.escape(graph.loop()))
            .append(", at ")
            .append(LoopFacts.text(graph.at()))
            .append("</figcaption>")
            .append(graph.svg())
            .append("</figure>");
      }
    }
    return figures.toString();
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

  private static byte[] data(Recording recording, List<String> order) {
    var lanes = Lanes.of(recording, order);
    var rows = lanes.lanes();
    var head = head(recording, lanes).getBytes(StandardCharsets.UTF_8);
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(head.length)
              .array());
      out.write(head);
      writeGaps(rows, out);
      writeColumn(rows, out, Box::nanos);
      writeColumn(rows, out, box -> code(box.state()));
      writeColumn(rows, out, Box::why);
      writeColumn(rows, out, Box::number);
      writeColumn(rows, out, Box::wake);
      writeColumn(rows, out, Box::waker);
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
      for (var box : lane.boxes()) {
        Columns.writeNumber(out, Math.max(0, box.from() - end));
        end = Math.max(end, box.from()) + box.nanos();
      }
    }
  }

  private static void writeColumn(
      List<Lane> lanes, GZIPOutputStream out, ToLongFunction<Box> column) throws IOException {
    for (var lane : lanes) {
      for (var box : lane.boxes()) {
        Columns.writeNumber(out, column.applyAsLong(box));
      }
    }
  }

  private static String head(Recording recording, Lanes all) {
    var lanes = all.lanes();
    var first = new ArrayList<Integer>();
    int spans = 0;
    for (var lane : lanes) {
      first.add(spans);
      spans += lane.boxes().size();
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
            Map.entry("order", all.order()),
            Map.entry("kinds", all.reasons()),
            Map.entry("wakes", withNone(WAKES)),
            Map.entry("endings", ENDINGS),
            Map.entry(
                "findings",
                recording.findings().stream().map(each -> finding(each, lanes)).toList()),
            Map.entry("marks", marks(recording, lanes)),
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

  private record TaskOfLoop(int loop, long task) {}

  /** For each the lane, the time and the text; those of no lane are left out. */
  private static List<List<Object>> marks(Recording recording, List<Lane> lanes) {
    var ofTasks = new HashMap<TaskOfLoop, Integer>();
    var ofThreads = new HashMap<Long, List<Integer>>(); // one may be in several groups in turn
    for (int i = 0; i < lanes.size(); i++) {
      var lane = lanes.get(i);
      if (lane.task() != null) {
        ofTasks.put(new TaskOfLoop(lane.loop(), lane.task().id()), i);
      } else if (lane.kind() == Lanes.Kind.THREAD && !lane.boxes().isEmpty()) {
        ofThreads.computeIfAbsent(lane.id(), _ -> new ArrayList<>()).add(i);
      }
    }
    var marks = new ArrayList<List<Object>>();
    for (var mark : recording.marks()) {
      var candidates =
          mark.loop() == null
              ? ofThreads.getOrDefault(mark.thread(), List.of()).stream()
                  .filter(lane -> lived(lanes.get(lane), mark.at()))
              : Stream.ofNullable(ofTasks.get(new TaskOfLoop(mark.loop(), mark.task())));
      candidates.forEach(lane -> marks.add(List.of(lane, mark.at(), mark.text())));
    }
    return marks;
  }

  /** Whether a thread was recorded at a time: there are no gaps in what it did. */
  private static boolean lived(Lane thread, long at) {
    return thread.boxes().getFirst().from() <= at && at <= thread.boxes().getLast().to();
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
        ? Map.of(
            "kind", lane.kind().name(),
            "loop", lane.loop(),
            "name", lane.name(),
            "depth", lane.depth())
        : Map.of(
            "kind", lane.kind().name(),
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

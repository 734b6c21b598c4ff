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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.zip.GZIPOutputStream;

/**
 * The page that shows a {@link Recording}, or a {@link StepRecording}: one HTML file, which loads
 * nothing and may be sent to somebody. It has a timeline of all tasks, what stands out, and a
 * table.
 *
 * <p>The names of loops and tasks are shown as text, whatever is in them.
 */
public final class Page {
  private static final List<String> WAKES = Arrays.stream(Wake.values()).map(Page::text).toList();
  private static final List<String> ENDINGS =
      Arrays.stream(Ending.values()).map(Page::text).toList();

  /** Findings that are drawn, too. */
  private static final Set<Lint> OF_GRAPHS =
      EnumSet.of(Lint.DEADLOCK, Lint.NOTHING_LEFT_TO_RUN, Lint.ABANDONED_LOCK);

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
    var lanes = Lanes.of(recording, order);
    return html(
        "Where the time went", data(head(recording, lanes), lanes.lanes()), graphs(recording));
  }

  /**
   * Writes the page of a recording whose unit is the step into a file, which is replaced.
   *
   * @param recording what to show
   * @param file the file, as {@code schedule.html}
   * @throws IOException if that fails
   */
  public static void write(StepRecording recording, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(recording));
  }

  /**
   * Returns the page of a recording whose unit is the step.
   *
   * @param recording what to show
   * @return HTML
   */
  public static String of(StepRecording recording) {
    Objects.requireNonNull(recording, "recording must not be null");
    var lanes = StepLanes.of(recording);
    return html("A schedule, step by step", data(lanes.head(), lanes.lanes()), graph(recording));
  }

  private static String html(String heading, byte[] data, String graphs) {
    var style = resource("page.css");
    var script = resource("page.js");
    return resource("page.html")
        .replace("%STYLE_HASH%", hash(style))
        .replace("%SCRIPT_HASH%", hash(script))
        .replace("%HEADING%", heading)
        .replace("%STYLE%", style)
        .replace("%DATA%", Base64.getEncoder().encodeToString(data))
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
        figures.append(figure("loop " + loop.name() + ", at " + LoopFacts.text(graph.at()), graph));
      }
    }
    return figures.toString();
  }

  private static String graph(StepRecording recording) {
    var graph = recording.graph();
    return graph == null ? "" : figure("at the deadlock", graph);
  }

  private static String figure(String caption, WaitGraph graph) {
    return "<figure><figcaption>"
        + GraphSvg.escape(caption)
        + "</figcaption>"
        + graph.svg()
        + "</figure>";
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

  private static byte[] data(Map<String, Object> content, List<Lane> rows) {
    var whole = new HashMap<>(content);
    var first = first(rows);
    whole.put("first", first);
    whole.put("spans", first.getLast());
    whole.put("wakes", withNone(WAKES));
    whole.put("endings", ENDINGS);
    whole.put("lanes", rows.stream().map(Page::lane).toList());
    var head = Json.of(whole).getBytes(StandardCharsets.UTF_8);
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

  /** The place of the first span of each lane, and the number of all spans. */
  private static List<Integer> first(List<Lane> lanes) {
    var first = new ArrayList<Integer>();
    int spans = 0;
    for (var lane : lanes) {
      first.add(spans);
      spans += lane.boxes().size();
    }
    first.add(spans);
    return first;
  }

  private static Map<String, Object> head(Recording recording, Lanes lanes) {
    var places = new Places(lanes.lanes());
    return Map.ofEntries(
        Map.entry("began", began(recording)),
        Map.entry("length", recording.length().toNanos()),
        Map.entry("held", Findings.HELD_NANOS),
        Map.entry("lost", lost(recording)),
        Map.entry("order", lanes.order()),
        Map.entry("kinds", lanes.reasons()),
        Map.entry(
            "findings", recording.findings().stream().map(each -> finding(each, places)).toList()),
        Map.entry("marks", marks(recording, places)),
        Map.entry(
            "updates",
            recording.lostUpdates().stream().map(each -> update(each, places)).toList()));
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

  /** Where to find a task, or what a thread did at a time, among the lanes. */
  private static final class Places {
    private record TaskOfLoop(int loop, long task) {}

    private final List<Lane> lanes;
    private final Map<TaskOfLoop, Integer> ofTasks = new HashMap<>();
    private final Map<Integer, Integer> ofLoops = new HashMap<>();
    // One thread may be in several groups in turn.
    private final Map<Long, List<Integer>> ofThreads = new HashMap<>();

    Places(List<Lane> lanes) {
      this.lanes = lanes;
      for (int i = 0; i < lanes.size(); i++) {
        var lane = lanes.get(i);
        if (lane.task() != null) {
          ofTasks.put(new TaskOfLoop(lane.loop(), lane.task().id()), i);
        } else if (lane.kind() == Lanes.Kind.LOOP) {
          ofLoops.put(lane.loop(), i);
        } else if (lane.kind() == Lanes.Kind.THREAD && !lane.boxes().isEmpty()) {
          ofThreads.computeIfAbsent(lane.id(), _ -> new ArrayList<>()).add(i);
        }
      }
    }

    /** The lane of a task, or, if the loop is -1, of a thread; -1 if there is none. */
    int find(int loop, long task, long thread, long at) {
      return loop >= 0
          ? ofTasks.getOrDefault(new TaskOfLoop(loop, task), -1)
          : ofThreads.getOrDefault(thread, List.of()).stream()
              .filter(lane -> lived(lanes.get(lane), at))
              .findFirst()
              .orElse(-1);
    }

    int find(Access access) {
      return find(access.loop(), access.task(), access.thread(), access.at());
    }

    int ofLoop(int loop) {
      return ofLoops.getOrDefault(loop, 0);
    }

    /** Whether a thread was recorded at a time: there are no gaps in what it did. */
    private static boolean lived(Lane thread, long at) {
      return thread.boxes().getFirst().from() <= at && at <= thread.boxes().getLast().to();
    }
  }

  /** For each the lane, the time and the text; those of no lane are left out. */
  private static List<List<Object>> marks(Recording recording, Places places) {
    var marks = new ArrayList<List<Object>>();
    for (var mark : recording.marks()) {
      int loop = mark.loop() == null ? -1 : mark.loop();
      int lane = places.find(loop, mark.task(), mark.thread(), mark.at());
      if (lane >= 0) {
        marks.add(List.of(lane, mark.at(), mark.text()));
      }
    }
    return marks;
  }

  private static Map<String, Object> update(LostUpdate update, Places places) {
    return Map.of(
        "field", update.field(),
        "read", access(update.read(), places),
        "overwritten", access(update.overwritten(), places),
        "write", access(update.write(), places));
  }

  private static Map<String, Object> access(Access access, Places places) {
    return Map.of(
        "lane", places.find(access),
        "at", access.at(),
        "who", access.who(),
        "where", Frames.text(access.where()));
  }

  private static Map<String, Object> finding(Finding finding, Places places) {
    int lane = places.find(finding.loop(), finding.task(), finding.task(), finding.from());
    return Map.of(
        "title", finding.title(),
        "advice", finding.advice(),
        "graph", OF_GRAPHS.contains(finding.lint()),
        "update", finding.lint() == Lint.LOST_UPDATE,
        "lane", lane < 0 ? places.ofLoop(finding.loop()) : lane,
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

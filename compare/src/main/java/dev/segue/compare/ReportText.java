package dev.segue.compare;

import dev.segue.compare.Facts.Ranked;
import dev.segue.compare.Report.Point;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Report} as text for a terminal of 80 columns: what was measured, a line for each model
 * or, of a sweep, for each value, what was found, and the {@link Reason}. Of what is wrong no times
 * are shown.
 */
public final class ReportText {
  private static final String BOLD = "1";
  private static final String FAINT = "2";
  private static final String RED = "31";
  private static final String GREEN = "32";

  private static final int WIDTH = 80;
  private static final int NAME = 21;
  private static final int COLUMN = 9;

  private final Report report;
  private final Reason reason;
  private final boolean coloured;
  private final StringBuilder text = new StringBuilder();

  private ReportText(Report report, boolean coloured) {
    this.report = report;
    this.reason = Reason.of(report);
    this.coloured = coloured;
  }

  /**
   * Lays a report out.
   *
   * @param report the report
   * @param coloured whether to use the colours of a terminal
   * @return lines, each with its end
   */
  public static String of(Report report, boolean coloured) {
    Objects.requireNonNull(report, "report must not be null");
    return new ReportText(report, coloured).all();
  }

  private String all() {
    heading();
    if (isEmpty()) {
      line("Nothing was measured.");
      findings();
      return text.toString();
    }
    if (report.points().size() == 1 && report.points().getFirst().swept() == null) {
      var facts = new Facts(report, report.points().getFirst());
      jobs(facts);
      times(facts);
      costs(facts);
    } else {
      sweep();
    }
    findings();
    line("");
    wrapped(reason.verdict(), "", BOLD);
    part("Why", reason.because());
    part(reason.titleOfUnless(), reason.unless());
    part(reason.titleOfTraps(), reason.traps());
    return text.toString();
  }

  /** Whether it was ended before there was anything to compare. */
  private boolean isEmpty() {
    return !report.complete()
        && report.points().stream()
            .flatMap(point -> point.results().stream())
            .allMatch(result -> result.repetitions().isEmpty());
  }

  // --- what was measured

  private void heading() {
    var swept = report.points().stream().map(Point::swept).filter(Objects::nonNull).toList();
    var parameters =
        new TreeMap<>(report.parameters())
            .entrySet().stream()
                .filter(parameter -> !swept.contains(parameter.getKey()))
                .map(Map.Entry::toString)
                .collect(Collectors.joining(" "));
    line(paint(BOLD, report.workload()) + "  " + parameters);
    int repetitions =
        report.points().stream()
            .flatMap(point -> point.results().stream())
            .mapToInt(result -> result.repetitions().size())
            .max()
            .orElse(0);
    var machine = report.machine();
    faint(
        "%s, %s%s, %s, %s"
            .formatted(
                Figures.counted(report.workers(), "worker"),
                report.rate() == 0 ? "" : Figures.rate(report.rate()) + ", ",
                Figures.counted(repetitions, "repetition"),
                Figures.counted(machine.processors(), "processor"),
                machine.jdk()));
    if (!report.complete()) {
      line(paint(RED, "Ended early: this is what was measured until then."));
    }
  }

  private void jobs(Facts facts) {
    var profile = facts.profile();
    if (profile == null) {
      return;
    }
    wrapped(
        "%s, waiting %s of the time: median %s, longest %s, all %s"
            .formatted(
                Figures.counted(profile.jobs(), "job"),
                Figures.percent(profile.waiting()),
                Figures.time(profile.median()),
                Figures.time(profile.longest()),
                Figures.time(profile.total())),
        "",
        FAINT);
    facts
        .limit()
        .ifPresent(
            limit -> faint("limit: %s, %s".formatted(Figures.time(limit.nanos()), limit.what())));
  }

  // --- one point

  private void times(Facts facts) {
    line("");
    faint(
        left("  model", NAME + 2)
            + right("median", COLUMN)
            + right("95 % interval", 19)
            + right("speed-up", 11)
            + right("of the limit", 14));
    var sync = facts.of(Model.SYNC);
    for (var result : facts.point().results()) {
      var ranked = facts.of(result.model());
      if (ranked.isEmpty()) {
        out(facts.point(), result.model());
        continue;
      }
      var wall = ranked.get().wall();
      line(
          name(result.model())
              + right(Figures.time(wall.median()), COLUMN)
              + paint(FAINT, right(Figures.range(wall), 19))
              + right(sync.map(it -> factor(it.slowerThan(ranked.get()))).orElse(""), 11)
              + right(
                  facts.limit().map(limit -> share(limit.nanos() / wall.median())).orElse(""), 14));
    }
  }

  static String factor(double times) {
    return times < 0.095
        ? String.format(Locale.ROOT, "1/%,d ×", Math.round(1 / times))
        : String.format(Locale.ROOT, times < 9.95 ? "%.2f ×" : "%.1f ×", times);
  }

  private static String share(double part) {
    return part < 0.005 ? "<1 %" : Figures.percent(part);
  }

  private void costs(Facts facts) {
    if (facts.ranking().isEmpty()) {
      return;
    }
    line("");
    faint(
        left("  a job's latency:", NAME + 2)
            + right("p50", 8)
            + right("p99", 8)
            + right("max", 8)
            + right("CPU", 8)
            + right("threads", 8)
            + right("memory", 8)
            + right("start-up", 9));
    for (var result : facts.point().results()) {
      facts.of(result.model()).ifPresent(this::cost);
    }
  }

  private void cost(Ranked ranked) {
    var all = ranked.result().repetitions();
    line(
        name(ranked.model())
            + right(Figures.time(median(all, Repetition::p50)), 8)
            + right(Figures.time(median(all, Repetition::p99)), 8)
            + right(Figures.time(median(all, Repetition::max)), 8)
            + right(processor(ranked.processor().median()), 8)
            + right(String.valueOf(all.stream().mapToInt(Repetition::threads).max().orElse(0)), 8)
            + right(memory(ranked.memory().median()), 8)
            + right(Figures.time(ranked.result().startUp()), 9));
  }

  /** The system counts it in ticks, of which a short repetition may have none. */
  private static String processor(double nanos) {
    return nanos == 0 ? "<10 ms" : Figures.time(nanos);
  }

  private static double median(List<Repetition> repetitions, ToLongFunction<Repetition> figure) {
    return Bootstrap.median(repetitions.stream().mapToLong(figure).asDoubleStream().toArray());
  }

  private void out(Point point, Model model) {
    var why =
        point.findings().stream()
            .filter(finding -> finding.model() == model && finding.kind().isWrong())
            .findFirst();
    line(
        why.isPresent()
            ? paint(RED, left("x " + model.title(), NAME + 4) + words(why.get().kind()))
            : left("  " + model.title(), NAME + 4) + "not measured");
  }

  static String words(Finding.Kind kind) {
    return switch (kind) {
      case JVM_ENDED -> "JVM ended";
      default -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  private String name(Model model) {
    boolean best = model == reason.model();
    var name = left((best ? "* " : "  ") + model.title(), NAME + 2);
    return best ? paint(GREEN, name) : name;
  }

  // --- a sweep

  private void sweep() {
    var models = new LinkedHashSet<Model>();
    report.points().forEach(point -> point.results().forEach(result -> models.add(result.model())));
    line("");
    faint(
        left("  " + report.points().getFirst().swept(), 12)
            + models.stream().map(it -> right(shortTitle(it), 11)).collect(Collectors.joining()));
    for (var point : report.points()) {
      var facts = new Facts(report, point);
      var best = facts.best().map(Ranked::model).orElse(null);
      var row = new StringBuilder(left("  " + point.value(), 12));
      for (var model : models) {
        row.append(cell(facts, model, model == best));
      }
      line(row.toString());
    }
  }

  private String cell(Facts facts, Model model, boolean best) {
    var ranked = facts.of(model);
    if (ranked.isPresent()) {
      var cell = right(Figures.time(ranked.get().wall().median()), 11);
      return best ? paint(GREEN, cell.replaceFirst(" (?! )", "*")) : cell;
    }
    boolean wrong = Facts.isOut(facts.point(), model);
    return wrong ? paint(RED, right("x", 11)) : right("-", 11);
  }

  /** As far as it was measured. */
  private static String memory(double bytes) {
    return bytes == 0 ? "-" : Figures.bytes(bytes);
  }

  private static String shortTitle(Model model) {
    return switch (model) {
      case SYNC -> "sync";
      case THREADS -> "threads";
      case THREAD_POOL -> "pool";
      case VIRTUAL_THREADS -> "virtual";
      case EVENT_LOOP -> "loop";
      case PROCESS_POOL -> "processes";
      case CLUSTER -> "cluster";
    };
  }

  // --- in words

  private void findings() {
    for (var point : report.points()) {
      for (var finding : point.findings()) {
        line("");
        var at = point.swept() == null ? "" : " at " + point.swept() + " = " + point.value();
        line(
            paint(
                finding.kind().isWrong() ? RED : BOLD,
                finding.model().title() + at + ": " + words(finding.kind())));
        wrapped(finding.text(), "  ", null);
        if (finding.at() != null && !finding.text().contains(finding.at())) {
          line("  at " + finding.at());
        }
      }
    }
  }

  private void part(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      line("");
      line(title + ":");
      sentences.forEach(each -> wrapped(each, "  ", null));
    }
  }

  private void wrapped(String sentence, String indent, @Nullable String colour) {
    for (var part : wrap(sentence, WIDTH - indent.length())) {
      line(indent + (colour == null ? part : paint(colour, part)));
    }
  }

  /** Breaks a text into lines at its blanks. A word that is longer than a line stays whole. */
  static List<String> wrap(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : text.replace('\n', ' ').split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  static String left(String words, int width) {
    return words + " ".repeat(Math.max(0, width - words.length()));
  }

  static String right(String words, int width) {
    return " ".repeat(Math.max(0, width - words.length())) + words;
  }

  private void faint(String words) {
    line(paint(FAINT, words));
  }

  private String paint(String colour, String words) {
    return coloured && !words.isBlank() ? "\u001b[" + colour + "m" + words + "\u001b[0m" : words;
  }

  private void line(String words) {
    text.append(words.stripTrailing()).append('\n');
  }
}

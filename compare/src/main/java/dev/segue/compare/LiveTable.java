package dev.segue.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison has measured so far, as text for a terminal: a line for each model, with the
 * median of its repetitions, how much faster that is than one job after the other, how many
 * repetitions there are, and a bar as long as the median. Of what is wrong no times are shown.
 * Confined to one thread.
 */
public final class LiveTable {
  private static final String RED = "31";
  private static final String FAINT = "2";
  private static final int BAR = 20;
  private static final String EIGHTHS = "▏▎▍▌▋▊▉";

  private final List<Model> models;
  private final int repetitions;
  private final boolean coloured;
  private final Map<Model, List<Repetition>> measured = new EnumMap<>(Model.class);
  private final Map<Model, Finding.Kind> wrong = new EnumMap<>(Model.class);

  /**
   * Makes a table in which nothing has been measured.
   *
   * @param models the models that take part
   * @param repetitions how many of each there will be
   * @param coloured whether to use the colours of a terminal
   */
  public LiveTable(Set<Model> models, int repetitions, boolean coloured) {
    this.models =
        Objects.requireNonNull(models, "models must not be null").stream().sorted().toList();
    this.repetitions = repetitions;
    this.coloured = coloured;
  }

  /** Forgets what was measured, as all begins anew: with the next value of a sweep. */
  public void clear() {
    measured.clear();
    wrong.clear();
  }

  /**
   * Adds a repetition.
   *
   * @param model the model
   * @param repetition what it has reached
   */
  public void measured(Model model, Repetition repetition) {
    Objects.requireNonNull(model, "model must not be null");
    Objects.requireNonNull(repetition, "repetition must not be null");
    measured.computeIfAbsent(model, _ -> new ArrayList<>()).add(repetition);
  }

  /**
   * Adds a finding, which may put its model out.
   *
   * @param finding what was found
   */
  public void found(Finding finding) {
    Objects.requireNonNull(finding, "finding must not be null");
    if (finding.kind().isWrong()) {
      wrong.putIfAbsent(finding.model(), finding.kind());
    }
  }

  /**
   * Returns the lines, one for each model, in the order of {@link Model}.
   *
   * @return lines of at most 79 characters, besides those that colour them
   */
  public List<String> lines() {
    var medians = new EnumMap<Model, Double>(Model.class);
    measured.forEach((model, all) -> {
      if (!wrong.containsKey(model)) {
        medians.put(model, Bootstrap.median(all.stream().mapToDouble(Repetition::wall).toArray()));
      }
    });
    double longest = medians.values().stream().mapToDouble(each -> each).max().orElse(1);
    var sync = medians.get(Model.SYNC);
    return models.stream().map(model -> line(model, medians.get(model), sync, longest)).toList();
  }

  private String line(Model model, @Nullable Double median, @Nullable Double sync, double longest) {
    var kind = wrong.get(model);
    if (kind != null) {
      return paint(RED, ReportText.left("x " + model.title(), 25) + ReportText.words(kind));
    }
    var name = ReportText.left("  " + model.title(), 23);
    int done = measured.getOrDefault(model, List.of()).size();
    var counted = ReportText.right(done + " of " + repetitions, 13);
    if (median == null) {
      return paint(FAINT, name + ReportText.right("", 19) + counted);
    }
    var speedUp = sync == null ? "" : ReportText.factor(sync / Math.max(1, median));
    return name
        + ReportText.right(Figures.time(median), 9)
        + ReportText.right(speedUp, 10)
        + paint(FAINT, counted)
        + " "
        + bar(median / Math.max(1, longest));
  }

  private static String bar(double part) {
    int eighths = Math.max(1, (int) Math.round(8 * BAR * part));
    int rest = eighths % 8;
    return "█".repeat(eighths / 8) + (rest == 0 ? "" : EIGHTHS.charAt(rest - 1));
  }

  private String paint(String colour, String words) {
    return coloured ? "\u001b[" + colour + "m" + words + "\u001b[0m" : words;
  }
}

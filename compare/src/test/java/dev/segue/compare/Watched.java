package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A comparison of a test, in small JVMs that start quickly, and what it told of its progress. */
final class Watched implements Progress {
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  final List<Finding> found = new ArrayList<>();
  final List<Model> measured = new ArrayList<>();
  final List<Double> done = new ArrayList<>();
  IntConsumer onStep = _ -> {};

  private final String workload;
  private Set<Model> models = EnumSet.complementOf(EnumSet.of(Model.CLUSTER));
  private Map<String, String> parameters = Map.of();
  private int repetitions = 2;
  private Duration warmUp = Duration.ZERO;
  private Duration timeout = Duration.ofMinutes(1);
  private double rate;
  private Plan.@Nullable Sweep sweep;
  private boolean record;

  private Watched(String workload) {
    this.workload = workload;
  }

  static Watched of(Class<? extends Workload<?>> workload) {
    return new Watched(workload.getName());
  }

  static Watched named(String workload) {
    return new Watched(workload);
  }

  Watched models(Model... which) {
    models = EnumSet.copyOf(Arrays.asList(which));
    return this;
  }

  Watched with(String name, String value) {
    parameters = Map.of(name, value);
    return this;
  }

  Watched repetitions(int count) {
    repetitions = count;
    return this;
  }

  Watched timeout(Duration time) {
    timeout = time;
    return this;
  }

  Watched rate(double jobsASecond) {
    rate = jobsASecond;
    return this;
  }

  Watched sweep(String parameter, String... values) {
    sweep = new Plan.Sweep(parameter, List.of(values));
    return this;
  }

  Watched recorded() {
    record = true;
    return this;
  }

  Plan plan() {
    return new Plan(
        workload,
        List.of(),
        parameters,
        models,
        2,
        repetitions,
        warmUp,
        timeout,
        rate,
        sweep,
        record);
  }

  Comparison comparison() {
    return new Comparison(plan(), this, SMALL);
  }

  /** Runs it to its end, after which no process must be left. */
  Report run() throws Exception {
    var report = comparison().run();
    assertThat(report.complete()).isTrue();
    assertNothingIsLeft();
    return report;
  }

  static void assertNothingIsLeft() {
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Override
  public void step(Model model, String step, @Nullable String value, double done) {
    this.done.add(done);
    onStep.accept(this.done.size());
  }

  @Override
  public void measured(Model model, Repetition repetition) {
    measured.add(model);
  }

  @Override
  public void found(Finding finding) {
    found.add(finding);
  }

  static ModelResult result(Report.Point point, Model model) {
    return point.results().stream().filter(each -> each.model() == model).findFirst().orElseThrow();
  }

  static double wall(Report.Point point, Model model) {
    var walls = result(point, model).repetitions().stream().mapToDouble(Repetition::wall);
    return Bootstrap.median(walls.toArray());
  }

  static List<Finding.Kind> kinds(Report.Point point, Model model) {
    return point.findings().stream()
        .filter(each -> each.model() == model)
        .map(Finding::kind)
        .toList();
  }

  static Finding finding(Report.Point point, Model model, Finding.Kind kind) {
    return point.findings().stream()
        .filter(each -> each.model() == model && each.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + point.findings()));
  }
}

package dev.segue.inspect;

import dev.segue.Wake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lints of tasks by themselves: those that spin, that fail unseen, and that become ever more. */
final class TaskLints {
  private static final int MANY_YIELDS = 1_000;
  private static final int MANY_TASKS = 1_000;

  /** A step that is longer does something: a computation may well let the others run often. */
  private static final long SHORT_STEP_NANOS = 50_000;

  private final LoopFacts facts;

  TaskLints(LoopFacts facts) {
    this.facts = facts;
  }

  void look() {
    addSpinning();
    addFailures();
    addGrowth();
  }

  private void addSpinning() {
    facts
        .spans()
        .forEach((id, spans) -> {
          var yields =
              spans.stream()
                  .filter(span -> span.state() == State.RUNNING && span.wokenBy() == Wake.YIELD)
                  .toList();
          if (yields.size() >= MANY_YIELDS && median(yields) < SHORT_STEP_NANOS) {
            var task = facts.task(id);
            facts.add(
                Lint.SPINNING,
                yields.stream().mapToLong(Span::nanos).sum(),
                id,
                yields.getFirst().from(),
                yields.getLast().to(),
                "Task '%s' let the others run %,d times, and waited for nothing"
                    .formatted(facts.name(id), yields.size()),
                "A loop around Async.checkpoint() keeps the processor busy: wait for an AsyncEvent"
                    + " or an AsyncCondition, or sleep.",
                task == null ? null : task.yieldedAt());
          }
        });
  }

  private static long median(List<Span> spans) {
    return spans.stream()
        .mapToLong(Span::nanos)
        .sorted()
        .skip(spans.size() / 2)
        .findFirst()
        .orElse(0);
  }

  private void addFailures() {
    var alike = new LinkedHashMap<List<@Nullable Object>, List<FailureRecord>>();
    for (var failure : facts.loop.failures()) {
      if (!failure.end() && facts.abandoned(failure.task())) {
        continue; // it has a finding of its own
      }
      var key = new ArrayList<@Nullable Object>();
      key.add(failure.end());
      key.add(Frames.first(failure.stack()));
      key.add(failure.failure().lines().findFirst().orElse("").replaceAll("[0-9]+", "0"));
      alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(failure);
    }
    alike.values().forEach(this::addFailures);
  }

  private void addFailures(List<FailureRecord> alike) {
    var first = alike.getFirst();
    int more = alike.size() - 1;
    facts.add(
        Lint.UNSEEN_FAILURE,
        0,
        first.task(),
        first.at(),
        first.at(),
        (first.end()
                ? "Task '%s' failed, and nothing waited for it%s: %s"
                : "Task '%s' left behind what nothing else reports%s: %s")
            .formatted(
                first.name(),
                more == 0 ? "" : ", and " + more + " more like it",
                first.failure().lines().findFirst().orElse("")),
        first.end()
            ? "Await the task, or create it in a TaskGroup, which passes its failure on."
            : "It only reached the loop's exception handler; look at what it says.",
        Frames.first(first.stack()));
  }

  private void addGrowth() {
    var loop = facts.loop;
    var live = loop.tasks().stream().filter(task -> task.ending() == Ending.NONE).toList();
    long ended = loop.tasks().size() - live.size() + loop.lostTasks();
    if (live.size() >= MANY_TASKS && live.size() > ended) {
      var oldest = live.getFirst();
      facts.add(
          Lint.GROWTH,
          0,
          oldest.id(),
          oldest.created().toNanos(),
          oldest.ended().toNanos(),
          "%,d tasks of loop '%s' have not ended, and only %,d have"
              .formatted(live.size(), loop.name(), ended),
          "If that goes on, memory runs out: limit what is begun, with Async.forEach or an"
              + " AsyncSemaphore.",
          mostFrequent(live));
    }
  }

  private static @Nullable StackTraceElement mostFrequent(List<TaskRecord> tasks) {
    return tasks.stream()
        .map(TaskRecord::createdAt)
        .filter(Objects::nonNull)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse(null);
  }
}

package dev.segue.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopMetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final LoopMetrics metrics = new LoopMetrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  private void run(String name, Runnable body) {
    metrics.bindTo(registry);
    try (var loop = EventLoop.builder().name(name).exceptionHandler((_, _) -> {}).build()) {
      loop.run(body::run);
    }
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void tasksAreCountedByHowTheyEnd() {
    run(
        "web",
        () -> {
          var failing =
              Async.createTask(() -> {
                throw new IllegalStateException("oops");
              });
          Async.createTask(() -> Async.sleep(Duration.ofDays(1)));
          Async.checkpoint();
          assertThat(registry.get("segue.tasks.live").tag("loop", "web").gauge().value())
              .isEqualTo(2);
          assertThat(failing.outcome()).isNotNull();
        });
    assertThat(count("segue.tasks.created", "loop", "web")).isEqualTo(3);
    assertThat(count("segue.tasks.ended", "loop", "web", "outcome", "success")).isEqualTo(1);
    assertThat(count("segue.tasks.ended", "loop", "web", "outcome", "failure")).isEqualTo(1);
    assertThat(count("segue.tasks.ended", "loop", "web", "outcome", "cancellation")).isEqualTo(1);
    assertThat(registry.get("segue.tasks.live").gauge().value()).isZero();
  }

  @Test
  void aFailureThatNothingRetrievesIsCounted() {
    run(
        "web",
        () -> {
          Async.createTask(() -> {
            throw new IllegalStateException("oops");
          });
          Async.checkpoint();
        });
    assertThat(count("segue.failures.unobserved")).isEqualTo(1);
  }

  @Test
  void aStepThatHoldsTheLoopIsAStallAndALongStep() {
    run(
        "web",
        () -> {
          while (count("segue.stalls", "loop", "web", "cause", "cpu") == 0) {
            Thread.onSpinWait();
          }
          Async.checkpoint();
        });
    assertThat(registry.get("segue.task.step").timer().max(TimeUnit.MILLISECONDS))
        .isGreaterThan(50);
    assertThat(count("segue.stalls", "cause", "cpu")).isEqualTo(1);
  }

  @Test
  void aTimerThatIsLateIsADelay() {
    run(
        "web",
        () -> {
          Async.createTask(() -> Async.sleep(Duration.ofMillis(1)));
          Async.checkpoint();
          long end = System.nanoTime() + Duration.ofMillis(40).toNanos();
          while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
          }
          Async.checkpoint();
        });
    assertThat(registry.get("segue.eventloop.delay").timer().max(TimeUnit.MILLISECONDS))
        .isGreaterThan(30);
  }

  @Test
  void utilizationIsBetweenAlwaysIdleAndNeverIdle() {
    run(
        "web",
        () -> {
          long end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
          while (System.nanoTime() - end < 0) {
            Async.checkpoint();
          }
          assertThat(registry.get("segue.eventloop.utilization").gauge().value())
              .isBetween(0.5, 1.0);
          Async.sleep(Duration.ofMillis(1100));
          assertThat(registry.get("segue.eventloop.utilization").gauge().value())
              .isBetween(0.0, 0.5);
        });
  }

  @Test
  void loopsWithoutANameOfTheirOwnShareOne() {
    metrics.bindTo(registry);
    Async.run(() -> {});
    Async.run(() -> {});
    assertThat(count("segue.tasks.created", "loop", "loop")).isEqualTo(2);
    assertThat(registry.find("segue.tasks.created").counters()).hasSize(1);
  }

  @Test
  void aLoopThatRunsAlreadyIsMeasuredWithoutItsOlderTasks() throws Exception {
    try (var loop = EventLoop.builder().name("older").start()) {
      var older = loop.submit(() -> Async.sleep(Duration.ofDays(1)));
      loop.submit(() -> {}).get();
      metrics.bindTo(registry);
      loop.submit(() -> {}).get();
      loop.submit(
              () -> {
                older.cancel("enough");
                assertThat(older.outcome()).isNotNull();
              })
          .get();
      assertThat(count("segue.tasks.created", "loop", "older")).isEqualTo(2);
      assertThat(count("segue.tasks.ended", "loop", "older", "outcome", "cancellation")).isZero();
    }
  }

  @Test
  void ofLoopsThatHaveEndedTheLastAreKept() {
    metrics.bindTo(registry);
    for (int i = 0; i < 100; i++) {
      try (var loop = EventLoop.builder().name("request " + i).build()) {
        loop.run(() -> {});
      }
    }
    var kept =
        registry.find("segue.tasks.created").counters().stream()
            .map(counter -> counter.getId().getTag("loop"))
            .toList();
    assertThat(kept).hasSize(LoopMetrics.KEPT).contains("request 99").doesNotContain("request 0");
  }

  @Test
  void whatIsClosedLeavesNoMeterAndMeasuresNoMore() {
    run("web", () -> {});
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
    Async.run(() -> {});
    assertThat(registry.getMeters()).isEmpty();
    assertThatThrownBy(() -> metrics.bindTo(registry)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLoopThatRunsIsNotMeasuredAnyMoreEither() throws Exception {
    metrics.bindTo(registry);
    try (var loop = EventLoop.builder().name("web").start()) {
      loop.submit(() -> {}).get();
      metrics.close();
      loop.submit(() -> {}).get();
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void prometheusIsGivenHistogramsInSeconds() {
    // @start region="bind"
    var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new LoopMetrics(List.of(Tag.of("application", "shop"))).bindTo(prometheus);
    // @end
    try (var loop = EventLoop.builder().name("web").build()) {
      loop.run(() -> Async.createTask(() -> Async.sleep(Duration.ofMillis(2))).await());
    }
    var text = prometheus.scrape();
    var keep = System.getProperty("segue.scrape");
    if (keep != null) {
      IO.println(text);
    }
    assertThat(text)
        .contains("segue_task_step_seconds_bucket{application=\"shop\",loop=\"web\",le=\"0.1\"} ")
        .contains("segue_eventloop_delay_seconds_count{application=\"shop\",loop=\"web\"} ")
        .contains("segue_eventloop_utilization{application=\"shop\",loop=\"web\"} ")
        .contains("segue_tasks_total{application=\"shop\",loop=\"web\"} 2.0")
        .contains("segue_tasks_live{application=\"shop\",loop=\"web\"} 0.0")
        .contains("segue_stalls_total{application=\"shop\",cause=\"cpu\",loop=\"web\"} 0.0")
        .contains(
            "segue_tasks_ended_total{application=\"shop\",loop=\"web\",outcome=\"success\"} 2.0")
        .contains("segue_failures_unobserved_total{application=\"shop\",loop=\"web\"} 0.0");
  }
}

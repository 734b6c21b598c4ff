package dev.segue.explored;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.gather;
import static dev.segue.explored.PlantedFault.io;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.TaskGroup;
import dev.segue.testing.Choices;
import dev.segue.testing.Coverage;
import dev.segue.testing.Exploration;
import dev.segue.testing.Explorer;
import dev.segue.testing.Interleaving;
import dev.segue.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplorerTest {
  // --- what is tried

  @ParameterizedTest
  @CsvSource({
    "2, 1, 2",
    "2, 2, 6",
    "2, 3, 20",
    "2, 4, 70",
    "2, 5, 252",
    "2, 6, 924",
    "2, 7, 3432",
    "3, 1, 6",
    "3, 2, 90",
    "3, 3, 1680"
  })
  void everyOrderIsTriedOnce(int tasks, int steps, int orders) {
    Set<String> seen = new HashSet<>();
    var exploration =
        Explorer.builder()
            .schedules(orders + orders / 4 + 4)
            .build()
            .explore(() -> note(tasks, steps, seen));
    assertThat(exploration.coverage()).isEqualTo(new Coverage.Exhausted());
    assertThat(exploration.schedules()).isEqualTo(orders);
    assertThat(seen).hasSize(orders);
  }

  private static void note(int tasks, int steps, Set<String> orders) {
    var order = new StringBuilder();
    List<Action<Exception>> bodies = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int number = i;
      bodies.add(() -> {
        for (int step = 1; step <= steps; step++) {
          order.append(number);
          if (step < steps) {
            checkpoint();
          }
        }
      });
    }
    TaskGroup.run(group -> bodies.forEach(group::spawn));
    orders.add(order.toString());
  }

  @Test
  void theOrdinaryOrderComesFirst() {
    var orders = new ArrayList<Set<String>>();
    Explorer.builder()
        .schedules(1)
        .build()
        .explore(() -> {
          Set<String> order = new HashSet<>();
          note(3, 2, order);
          orders.add(order);
        });
    assertThat(orders)
        .containsOnly(Set.of("012012")); // and is repeated, to see that it is the same
  }

  @Test
  void theBudgetIsOfSchedules() {
    var exploration = Explorer.builder().schedules(77).build().explore(() -> big());
    assertThat(exploration.schedules()).isEqualTo(77);
    assertThat(exploration.failure()).isEmpty();
  }

  private static void big() {
    gather(() -> io(9), () -> io(9), () -> io(9), () -> io(9));
  }

  @Test
  void coverageTellsUpToHowManyHoldsAllWasTried() {
    assertThat(Explorer.create().explore(() -> big()).coverage())
        .isEqualTo(new Coverage.AllWithin(1));
    assertThat(Explorer.builder().schedules(10).seed(7).build().explore(() -> big()).coverage())
        .isEqualTo(new Coverage.Sampled(7));
  }

  @Test
  void aLimitOfHoldsLeavesTheRestToChance() {
    var exploration =
        Explorer.builder().holds(1).build().explore(() -> gather(() -> io(3), () -> io(3)));
    assertThat(exploration.coverage()).isEqualTo(new Coverage.AllWithin(1));
    assertThat(exploration.schedules()).isEqualTo(1_000);
  }

  @Test
  void theSameSeedMakesTheSameSchedules() {
    assertThat(ordersWithSeed(5)).isEqualTo(ordersWithSeed(5)).isNotEqualTo(ordersWithSeed(6));
  }

  private static List<String> ordersWithSeed(long seed) {
    var all = new ArrayList<String>();
    Explorer.builder()
        .seed(seed)
        .holds(0)
        .schedules(50)
        .build()
        .explore(() -> {
          Set<String> order = new HashSet<>();
          note(4, 6, order);
          all.addAll(order);
        });
    return all;
  }

  @Test
  void choicesOfValuesAreTriedInEveryWay() {
    Set<String> seen = new HashSet<>();
    var exploration =
        Explorer.create()
            .explore(() ->
                seen.add(
                    Choices.oneOf("reply", "ok", "late", "lost")
                        + Choices.oneOf("retry", true, false)));
    assertThat(exploration.schedules()).isEqualTo(6);
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "oktrue", "okfalse", "latetrue", "latefalse", "losttrue", "lostfalse");
  }

  @Test
  void whatMayFailFailsToo() {
    var exploration =
        Explorer.create().explore(() -> Choices.mayFail("db", () -> new IOException("down")));
    var failure = exploration.failure().orElseThrow();
    assertThat(failure.cause()).isInstanceOf(IOException.class).hasMessage("down");
    assertThat(failure.toString()).contains("main gets db = fails");
  }

  @Test
  void anOrdinaryLoopTakesTheFirstValueAndCancelsNothing() throws IOException {
    var seen = new ArrayList<Object>();
    Async.run(() -> {
      seen.add(Choices.oneOf("reply", "ok", "late"));
      seen.add(Choices.mayCancel(Async::checkpoint));
      Choices.mayFail("db", () -> new IOException("down"));
    });
    assertThat(seen).containsExactly("ok", true);
  }

  @Test
  void asManyBodiesAreCancelledAsAllowedAtEachWait() {
    Set<List<String>> seen = new HashSet<>();
    var exploration =
        Explorer.builder()
            .cancels(1)
            .schedules(10_000)
            .build()
            .explore(() -> {
              var ends = new ArrayList<String>();
              gather(
                  () -> ends.add("a" + Choices.mayCancel(() -> io(2))),
                  () -> ends.add("b" + Choices.mayCancel(() -> io(2))));
              ends.sort(null);
              seen.add(ends);
            });
    assertThat(exploration.coverage()).isEqualTo(new Coverage.Exhausted());
    assertThat(seen)
        .containsExactlyInAnyOrder(
            List.of("atrue", "btrue"), List.of("afalse", "btrue"), List.of("atrue", "bfalse"));
  }

  @Test
  void aCancelOfAJdkWaitLeavesAsManyOrdersAsThatOfASegueWait() {
    var ofSegue =
        exploreCancel(() -> {
          var event = new AsyncEvent();
          wakeFromCancellable(event::await, event::set);
        });
    var ofTheJdk =
        exploreCancel(() -> {
          var latch = new CountDownLatch(1);
          wakeFromCancellable(latch::await, latch::countDown);
        });
    assertThat(ofTheJdk.coverage()).isEqualTo(new Coverage.Exhausted());
    assertThat(ofTheJdk.schedules()).isEqualTo(ofSegue.schedules());
  }

  private static Exploration exploreCancel(Action<Exception> body) {
    return Explorer.builder().cancels(1).build().explore(body);
  }

  private static void wakeFromCancellable(Action<Exception> await, Runnable wake) {
    gather(
        () -> Choices.mayCancel(await),
        () -> {
          io(3);
          wake.run();
        });
  }

  @Test
  void aCancelComesAlsoWhileNobodyCanRun() {
    Set<Instant> cancelledAt = new HashSet<>();
    var exploration =
        Explorer.builder()
            .cancels(1)
            .build()
            .explore(() -> {
              Async.sleep(Duration.ofSeconds(1));
              if (!Choices.mayCancel(() -> Async.sleep(Duration.ofSeconds(1)))) {
                cancelledAt.add(Async.currentLoop().clock().instant());
              }
            });
    assertThat(exploration.coverage()).isEqualTo(new Coverage.Exhausted());
    assertThat(cancelledAt).contains(VirtualClock.START.plusSeconds(1));
  }

  @Test
  void aStepMayLastUntilATimerIsDue() {
    Action<Exception> body =
        () -> {
          try {
            Async.timeout(Duration.ofHours(1), () -> io(2));
          } catch (TimeoutException _) {
            throw new AssertionError("too late");
          }
        };
    assertThat(Explorer.create().explore(body).failure()).isPresent();
    assertThat(Explorer.builder().slowSteps(0).build().explore(body).failure()).isEmpty();
  }

  @Test
  void theStepAfterATimerMayBeSlowToo() {
    Action<Exception> body =
        () -> {
          boolean[] renewed = {false};
          gather(
              () -> {
                Async.sleep(Duration.ofSeconds(1));
                checkpoint(); // asks for a renewal
                renewed[0] = true;
              },
              () -> {
                Async.sleep(Duration.ofSeconds(2));
                if (!renewed[0]) {
                  throw new AssertionError("expired");
                }
              });
        };
    assertThat(Explorer.create().explore(body).failure()).isPresent();
  }

  @Test
  void timePassesOnlyVirtually() {
    var exploration =
        Explorer.create()
            .explore(() -> {
              Async.sleep(Duration.ofDays(1));
              assertThat(Async.currentLoop().clock().instant())
                  .isEqualTo(VirtualClock.START.plus(Duration.ofDays(1)));
            });
    assertThat(exploration.failure()).isEmpty();
  }

  // --- replays

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOST_UPDATE",
        "POOL_LEAK",
        "LEAK_ON_TIME_OUT",
        "THREAD_ORDER",
        "BARRIER",
        "JDK_LOCK_ORDER",
        "ONE_ORDER"
      })
  void aReplayRepeatsTheFailureAndItsSteps(PlantedFault fault) {
    var found = explore(fault).failure().orElseThrow();
    for (int i = 0; i < 10; i++) {
      var again =
          Explorer.builder()
              .cancels(fault.cancels())
              .replay(found.replay())
              .build()
              .explore(() -> fault.program(true).run());
      assertThat(again.uncontrolled()).isEmpty();
      assertThat(again.failure().orElseThrow().steps()).isEqualTo(found.steps());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK_LOCK_ORDER") // takes 0.2 s each
  void aHundredReplaysAreTheSame(PlantedFault fault) {
    var builder =
        Explorer.builder().cancels(fault.cancels()).leftBehind(fault.leftBehind()).steps(2_000);
    Action<Exception> body = () -> fault.program(true).run();
    var found = builder.build().explore(body).failure().orElseThrow();
    var replayer = builder.replay(found.replay()).build();
    Set<List<Interleaving.Step>> courses = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      var again = replayer.explore(body);
      assertThat(again.uncontrolled()).isEmpty();
      courses.add(again.failure().orElseThrow().steps());
    }
    assertThat(courses).containsExactly(found.steps());
  }

  private static Exploration explore(PlantedFault fault) {
    return Explorer.builder()
        .cancels(fault.cancels())
        .build()
        .explore(() -> fault.program(true).run());
  }

  @Test
  void aReplayOfAChangedProgramGoesOnAsFarAsItCanAndTells() {
    var replayed =
        Explorer.builder()
            .replay("v1:1.2,7.1~1")
            .build()
            .explore(() -> PlantedFault.LOST_UPDATE.program(true).run());
    assertThat(replayed.failure()).isPresent();
    assertThat(replayed.uncontrolled())
        .containsExactly(
            "7.1 of the replayed schedule did not come up",
            "the program, or its settings, have changed since the schedule was reported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2",
        "v0:1.2",
        "v1:x",
        "v1:1",
        "v1:1.2.3",
        "v1:c1.2",
        "v1:1.2~zz",
        "v1:1.2,",
        "v1:1.99999999999"
      })
  void whatIsNoScheduleIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Explorer.builder().replay(text))
        .withMessageContaining(text);
  }

  @Test
  void theReportIsOneThatAPersonReads() {
    var report = explore(PlantedFault.LOST_UPDATE).failure().orElseThrow().toString();
    assertThat(report.lines())
        .satisfiesExactly(
            line ->
                assertThat(line).matches("expected: <2> but was: <1> +schedule 6 of 1,000, 1 hold"),
            line -> assertThat(line).matches(" +task-2 +task-3"),
            line -> assertThat(line).matches(" {2}1 +PlantedFault:\\d+ io"),
            line -> assertThat(line).matches(" {2}2 {20,}PlantedFault:\\d+ io"),
            line -> assertThat(line).matches(" {2}3 +PlantedFault:\\d+ io"),
            line -> assertThat(line).matches(" {2}4 {20,}PlantedFault:\\d+ io"),
            line -> assertThat(line).isEqualTo("  ── task-2 is held here: the others go first ──"),
            line -> assertThat(line).matches(" {2}5-6 {20,}PlantedFault:\\d+ io \\(2 steps\\)"),
            line -> assertThat(line).matches(" {2}7 {20,}ends"),
            line -> assertThat(line).matches(" {2}8 +ends"),
            line -> assertThat(line).matches("replay: -Dsegue.replay=v1:1\\.2~[0-9a-f]{1,4}"));
  }

  // --- what goes wrong in other ways

  @Test
  void theFailureIsThrownWithTheReport() {
    var exploration = explore(PlantedFault.LOST_UPDATE);
    assertThatThrownBy(exploration::throwIfFailed)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected: <2> but was: <1>")
        .satisfies(thrown ->
            assertThat(thrown.getSuppressed())
                .singleElement()
                .asString()
                .contains("replay: -Dsegue.replay="));
  }

  @Test
  void aHangIsThrownAsAnErrorWithTheReport() {
    assertThatThrownBy(explore(PlantedFault.BARRIER)::throwIfFailed)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("all tasks wait, and nothing can wake them");
  }

  @Test
  void withoutAFailureNothingIsThrown() throws Throwable {
    var exploration = Explorer.create().explore(() -> gather(() -> io(4), () -> io(4)));
    exploration.throwIfFailed();
    assertThat(exploration).hasToString("exhausted: 252 schedules, no failure");
  }

  @Test
  void anInterruptEndsTheExploration() throws InterruptedException {
    var started = new CountDownLatch(1);
    var ended = new ArrayList<Object>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Explorer.builder()
                    .schedules(Integer.MAX_VALUE)
                    .build()
                    .explore(() -> {
                      started.countDown();
                      big();
                    });
              } catch (CancellationException e) {
                ended.add(e.getMessage());
                ended.add(Thread.currentThread().isInterrupted());
              }
            });
    started.await();
    thread.interrupt();
    thread.join();
    assertThat(ended).containsExactly("the exploration was interrupted", true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void badSettingsAreRefused(int value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Explorer.builder().schedules(value))
        .withMessage("schedules must be at least 1, not " + value);
    assertThatIllegalArgumentException().isThrownBy(() -> Explorer.builder().steps(value));
    assertThatIllegalArgumentException().isThrownBy(() -> Explorer.builder().cancels(value - 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Explorer.builder().slowSteps(value - 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Explorer.builder().holds(value - 1));
  }

  @Test
  void kindsOfFailureAreToldApart() {
    assertThat(kind(PlantedFault.LOST_UPDATE)).isEqualTo(Interleaving.Kind.FAILED);
    assertThat(kind(PlantedFault.LOCK_ORDER)).isEqualTo(Interleaving.Kind.DEADLOCK);
    assertThat(kind(PlantedFault.JDK_LOCK_ORDER)).isEqualTo(Interleaving.Kind.DEADLOCK);
    assertThat(kind(PlantedFault.SPIN)).isEqualTo(Interleaving.Kind.STEPS);
    assertThat(kind(PlantedFault.UNOBSERVED)).isEqualTo(Interleaving.Kind.UNOBSERVED);
  }

  private static Interleaving.Kind kind(PlantedFault fault) {
    return explore(fault).failure().orElseThrow().kind();
  }
}

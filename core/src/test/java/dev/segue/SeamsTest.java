package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The schedule and the instrument, which tools install. */
@Timeout(60)
class SeamsTest {
  private static List<Integer> order(Schedule schedule) {
    var order = new ArrayList<Integer>();
    var bodies = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      bodies.add(() -> {
        order.add(number);
        Async.checkpoint();
        order.add(number);
        return number;
      });
    }
    EventLoop.builder().schedule(schedule).build().run(() -> Async.gather(bodies));
    return order;
  }

  @Test
  void tasksRunFirstInFirstOut() {
    var order = order(new FifoSchedule());
    assertThat(order.subList(0, 20)).isSorted();
    assertThat(order.subList(20, 40)).isSorted();
  }

  @Test
  void aScheduleDecidesTheOrder() {
    var order = order(new RandomSchedule(1));
    assertThat(order).hasSize(40).isEqualTo(order(new RandomSchedule(1)));
    assertThat(order).isNotEqualTo(order(new RandomSchedule(2)));
  }

  @Test
  @CarrierOnly(Difference.INSTRUMENT)
  void anInstrumentIsToldOfEachStepOfATask() throws Exception {
    var events = new ArrayList<String>();
    var instrument =
        new Instrument() {
          @Override
          public void created(Task<?> task) {
            events.add("created " + task.name());
          }

          @Override
          public void resumed(Task<?> task) {
            events.add("resumed " + task.name());
          }

          @Override
          public void waiting(Task<?> task, Waiting on) {
            events.add(task.name() + " waits for " + on.describe());
          }

          @Override
          public void done(Task<?> task, Outcome<?> outcome) {
            events.add("done " + task.name() + " " + task.state());
          }
        };
    EventLoop.builder()
        .instrument(instrument)
        .build()
        .run(() -> {
          var child = Async.createTask("child", () -> Async.sleep(Duration.ofMillis(1)));
          child.await();
          Thread.sleep(1);
        });
    assertThat(events)
        .containsExactly(
            "created main",
            "resumed main",
            "created child",
            "main waits for task 'child'",
            "resumed child",
            "child waits for sleep",
            "resumed child",
            "done child SUCCESS",
            "resumed main",
            "main waits for a JDK wait",
            "resumed main",
            "done main SUCCESS");
  }

  @Test
  void aLoopThatAToolBreaksLosesNoTaskAndSaysWhy() {
    var ready = new FifoSchedule();
    var broken =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            ready.add(task);
          }

          @Override
          public Task<?> next() {
            throw new IllegalArgumentException("broken tool");
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
    var loop = EventLoop.builder().name("broken").schedule(broken).start();
    var task = loop.submit(() -> Thread.sleep(1));
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessage("event loop 'broken' failed")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loop.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(loop::close).hasRootCauseMessage("broken tool");
  }

  // --- looking changes nothing

  /** Writes down what an instrument is told. */
  private static class Recorder implements Instrument {
    final List<String> events = new ArrayList<>();

    @Override
    public void resumed(Task<?> task) {
      events.add("resumed " + task.name());
    }

    @Override
    public void waiting(Task<?> task, Waiting on) {
      events.add(task.name() + " waits for " + on.describe());
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      events.add("done " + task.name());
    }
  }

  /** What happens in a loop where one task looks at another that is at a checkpoint. */
  private static List<String> eventsAround(Consumer<Thread> look) {
    var recorder = new Recorder();
    EventLoop.builder()
        .instrument(recorder)
        .build()
        .run(() -> {
          var thread = new Thread[1];
          Async.createTask(
              "other",
              () -> {
                thread[0] = Thread.currentThread();
                Async.checkpoint();
              });
          Async.checkpoint();
          look.accept(thread[0]);
          for (int turn = 0; turn < 3; turn++) {
            Async.checkpoint();
          }
        });
    return recorder.events;
  }

  @Test
  void aStackDumpByATaskChangesNothing() {
    assertThat(eventsAround(Thread::getStackTrace)).isEqualTo(eventsAround(_ -> {}));
  }

  @Test
  void aStackDumpByAnotherThreadChangesNothing() {
    assertThat(
            eventsAround(thread -> {
              var dumped = new AtomicBoolean();
              Thread.ofPlatform()
                  .start(() -> {
                    thread.getStackTrace();
                    dumped.set(true);
                  });
              while (!dumped.get()) { // not a wait: the looked at task has its turn afterwards
                Thread.onSpinWait();
              }
            }))
        .isEqualTo(eventsAround(_ -> {}));
  }

  private static final class Pinned {
    static final String VALUE = load();

    static String load() {
      try {
        Async.sleep(Duration.ofMillis(1));
        return "slept";
      } catch (IllegalStateException e) {
        return "refused";
      }
    }
  }

  @Test
  @CarrierOnly(Difference.PINNED)
  void aWaitThatNeverLeftIsNotTold() {
    var recorder = new Recorder();
    EventLoop.builder()
        .instrument(recorder)
        .build()
        .run(() -> assertThat(Pinned.VALUE).isEqualTo("refused"));
    assertThat(recorder.events).containsExactly("resumed main", "done main");
  }

  @Test
  void anInstrumentThatLooksAtAFailureDoesNotSilenceIt() {
    var looked = new ArrayList<Throwable>();
    var instrument =
        new Instrument() {
          @Override
          public void done(Task<?> task, Outcome<?> outcome) {
            if (task.state() == Future.State.FAILED) {
              looked.add(task.exceptionNow());
            }
          }
        };
    var reported = new ArrayList<Throwable>();
    try (var loop =
        EventLoop.builder()
            .instrument(instrument)
            .exceptionHandler((_, failure) -> reported.add(failure))
            .build()) {
      loop.run(() -> {
        Async.createTask(() -> {
          throw new IllegalStateException("nothing retrieves this");
        });
        Async.checkpoint();
      });
    }
    assertThat(reported).hasSize(1).isEqualTo(looked);
  }

  @Test
  void anInstrumentCannotWaitForALoopThatWaitsForIt() {
    var instrument =
        new Instrument() {
          @Override
          public void done(Task<?> task, Outcome<?> outcome) {
            Async.sleep(FOREVER);
          }
        };
    try (var log = new CapturedLog()) {
      EventLoop.builder().instrument(instrument).build().run(() -> {});
      assertThat(log.thrown()).singleElement().isInstanceOf(IllegalStateException.class);
    }
  }

  // --- a tool that throws at the wrong time

  @Test
  void whatAScheduleThrowsWhileATaskRunsEndsTheLoopAndNotThatTask() {
    var failing = new AtomicBoolean();
    var ready = new FifoSchedule();
    var broken =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            if (failing.get()) {
              throw new IllegalArgumentException("broken tool");
            }
            ready.add(task);
          }

          @Override
          public Task<?> next() {
            return ready.next();
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
    var begun = new AtomicBoolean();
    var loop = EventLoop.builder().schedule(broken).build();
    try (var _ = new CapturedLog()) {
      assertThatThrownBy(() ->
              loop.run(() -> {
                failing.set(true);
                Async.createTask(() -> {});
                begun.set(true);
                Async.sleep(FOREVER);
              }))
          .hasMessageContaining("its LoopClock or Schedule threw")
          .hasRootCauseMessage("broken tool");
    }
    assertThat(begun).isTrue();
  }

  @Test
  void aScopeThatTheClockKeepsFromBeingEnteredIsLeft() {
    var failing = new AtomicBoolean();
    var manual = new ManualClock();
    var clock =
        new LoopClock() {
          @Override
          public long nanoTime() {
            if (Thread.currentThread().isVirtual() && failing.getAndSet(false)) {
              throw new IllegalArgumentException("broken tool"); // in the task, that is
            }
            return manual.nanoTime();
          }

          @Override
          public Instant instant() {
            return manual.instant();
          }

          @Override
          public long realNanosUntil(long deadline) {
            return manual.realNanosUntil(deadline);
          }

          @Override
          public boolean skipTo(long deadline) {
            return manual.skipTo(deadline);
          }
        };
    EventLoop.builder()
        .clock(clock)
        .build()
        .run(() -> {
          var scope = CancelScope.within(Duration.ofSeconds(1));
          failing.set(true);
          assertThatThrownBy(() -> scope.run(() -> {})).hasMessage("broken tool");
          scope.cancel("of no effect on what comes after it");
          Async.checkpoint();
        });
  }

  @Test
  void aGroupThatEndsWhileTheDecoratorWaitsTakesNoTask() {
    var slow = new AtomicBoolean();
    var loop =
        EventLoop.builder()
            .taskDecorator(body -> {
              if (slow.getAndSet(false)) {
                Async.sleep(Duration.ofMillis(1));
              }
              return body;
            })
            .build();
    loop.run(() -> {
      var groups = new ArrayList<TaskGroup>();
      var outsider =
          Async.createTask(() -> {
            slow.set(true);
            return groups.getFirst().spawn(() -> Async.sleep(FOREVER));
          });
      TaskGroup.run(group -> {
        groups.add(group);
        Async.checkpoint();
      });
      assertThat(outsider.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failure.class,
              failure -> assertThat(failure.cause()).hasMessageContaining("has ended"));
    });
  }
}

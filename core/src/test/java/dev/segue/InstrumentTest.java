package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an instrument is told, and when. */
@Timeout(60)
class InstrumentTest extends OnManualClock {
  /** Writes everything down. */
  private static final class Log implements Instrument {
    final List<String> events = new ArrayList<>();

    @Override
    public void created(Task<?> task) {
      events.add(task.name() + " created");
    }

    @Override
    public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
      events.add(
          task.name()
              + " ready: "
              + by
              + (waker == null ? "" : " " + waker.name())
              + (late == 0 ? "" : " late " + late));
    }

    @Override
    public void resumed(Task<?> task) {
      events.add(task.name() + " resumed");
    }

    @Override
    public void waiting(Task<?> task, Waiting on) {
      events.add(task.name() + " waits: " + on.kind());
    }

    @Override
    public void returned(Task<?> task) {
      events.add(task.name() + " returned");
    }

    @Override
    public void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {
      events.add(task.name() + " to cancel: " + reason + (by == null ? "" : ", by " + by.name()));
    }

    @Override
    public void idle() {
      events.add("idle");
    }

    @Override
    public void ended() {
      events.add("ended");
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      events.add(task.name() + " done: " + outcome.getClass().getSimpleName());
    }

    @Override
    public void unobserved(Task<?> task, Throwable failure) {
      events.add(task.name() + " failed unseen: " + failure.getMessage());
    }

    /** What was told of one task. */
    List<String> of(String name) {
      return events.stream().filter(event -> event.startsWith(name + " ")).toList();
    }
  }

  private final Log log = new Log();

  private <X extends Throwable> void runLogged(Action<X> body) throws X {
    try (var loop = loopBuilder().instrument(log).build()) {
      loop.run(body);
    }
  }

  @Test
  void aTaskIsNewThenReadyThenRunsThenIsDone() {
    runLogged(() -> Async.createTask("child", () -> {}).await());
    assertThat(log.events)
        .containsExactly(
            "main created",
            "main ready: START",
            "main resumed",
            "child created",
            "child ready: START main",
            "main waits: TASK",
            "child resumed",
            "child done: Success",
            "main ready: TASK child",
            "main resumed",
            "main returned",
            "main done: Success",
            "ended");
  }

  @Test
  void ofATimerItIsToldHowLateItIs() {
    runLogged(() -> {
      Async.createTask("punctual", () -> Async.sleep(Duration.ofNanos(1)));
      Async.createTask("late", () -> Async.sleep(Duration.ofNanos(7)));
      Async.checkpoint();
      clock.advance(Duration.ofNanos(1 + 10));
      Async.checkpoint();
    });
    assertThat(log.of("punctual")).contains("punctual ready: TIMER late 10");
    assertThat(log.of("late")).contains("late ready: TIMER late 4");
  }

  @Test
  void aCheckpointIsAYieldAndNoWait() {
    runLogged(Async::checkpoint);
    assertThat(log.of("main"))
        .containsExactly(
            "main created",
            "main ready: START",
            "main resumed",
            "main ready: YIELD",
            "main resumed",
            "main returned",
            "main done: Success");
  }

  @Test
  void whatAnotherThreadEndsIsSaidToBeAThread() {
    var stage = new CompletableFuture<String>();
    var completer =
        new Instrument() {
          @Override
          public void waiting(Task<?> task, Waiting on) {
            Thread.ofPlatform().start(() -> stage.complete("value"));
          }
        };
    runLogged(() -> {
      Async.currentLoop().addInstrument(completer);
      Async.await(stage);
    });
    assertThat(log.events).containsSubsequence("main waits: FUTURE", "main ready: THREAD");
  }

  @Test
  void whatATaskEndsForAnotherOneNamesThatTask() {
    var stage = new CompletableFuture<String>();
    runLogged(() -> {
      Async.createTask("completer", () -> stage.complete("value"));
      Async.await(stage);
    });
    assertThat(log.events).containsSubsequence("main waits: FUTURE", "main ready: TASK completer");
  }

  @Test
  void aLockThatIsHandedOverNamesTheTaskThatHadIt() {
    var lock = new AsyncLock();
    runLogged(() -> {
      var lease = lock.acquire();
      var second =
          Async.createTask(
              "second",
              () -> {
                lock.acquire().close();
              });
      Async.checkpoint();
      lease.close();
      second.await();
    });
    assertThat(log.events)
        .containsSubsequence("second waits: LOCK", "second ready: TASK main", "second returned");
  }

  @Test
  void aCancelSaysWhyAndByWhom() {
    runLogged(() -> {
      var child = Async.createTask("child", () -> Async.sleep(Duration.ofDays(1)));
      Async.checkpoint();
      child.cancel("no longer wanted");
    });
    assertThat(log.of("child"))
        .containsSubsequence(
            "child waits: SLEEP",
            "child to cancel: no longer wanted, by main",
            "child ready: TASK main",
            "child returned",
            "child done: Cancellation");
  }

  @Test
  void aTimeOutIsACancelByNoTask() {
    runLogged(() -> {
      CancelScope.within(Duration.ofSeconds(1)).run(() -> Async.sleep(Duration.ofDays(1)));
    });
    assertThat(log.of("main"))
        .containsSubsequence("main to cancel: the time-out of PT1S has expired", "main returned");
  }

  static Stream<Arguments> waits() {
    return Stream.of(
        arguments(Waiting.Kind.SLEEP, (Action<Exception>) () -> Async.sleep(Duration.ofNanos(1))),
        arguments(
            Waiting.Kind.TASK, (Action<Exception>) () -> Async.createTask("end", () -> {}).await()),
        arguments(
            Waiting.Kind.TASKS,
            (Action<Exception>)
                () ->
                    Async.waitFor(
                        List.of(Async.createTask("end", () -> {})), ReturnWhen.ALL_COMPLETED)),
        arguments(
            Waiting.Kind.GROUP,
            (Action<Exception>) () -> TaskGroup.run(group -> group.spawn("end", () -> {}))),
        arguments(
            Waiting.Kind.CONDITION,
            (Action<Exception>)
                () -> {
                  var lock = new AsyncLock();
                  var condition = lock.newCondition();
                  Async.createTask(
                      "end",
                      () -> {
                        try (var _ = lock.acquire()) {
                          condition.signal();
                        }
                      });
                  try (var _ = lock.acquire()) {
                    condition.await();
                  }
                }),
        arguments(
            Waiting.Kind.SEMAPHORE,
            (Action<Exception>)
                () -> {
                  var permits = new AsyncSemaphore(0);
                  Async.createTask("end", () -> permits.release());
                  var _ = permits.acquire();
                }),
        arguments(
            Waiting.Kind.EVENT,
            (Action<Exception>)
                () -> {
                  var event = new AsyncEvent();
                  Async.createTask("end", event::set);
                  event.await();
                }),
        arguments(
            Waiting.Kind.QUEUE,
            (Action<Exception>)
                () -> {
                  AsyncQueue<String> queue = AsyncQueue.fifo(1);
                  Async.createTask("end", () -> queue.put("item"));
                  var _ = queue.take();
                }),
        arguments(
            Waiting.Kind.BARRIER,
            (Action<Exception>)
                () -> {
                  var barrier = new AsyncBarrier(2);
                  Async.createTask("end", () -> barrier.await());
                  barrier.await();
                }),
        arguments(Waiting.Kind.THREAD, (Action<Exception>) () -> Async.toThread(() -> {})),
        arguments(
            Waiting.Kind.EXECUTOR,
            (Action<Exception>)
                () -> {
                  try (var executor = Executors.newSingleThreadExecutor()) {
                    Async.runInExecutor(executor, () -> 1);
                  }
                }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void everyWaitHasItsKind(Waiting.Kind kind, Action<Exception> wait) throws Exception {
    runLogged(wait);
    assertThat(log.of("main")).contains("main waits: " + kind);
  }

  static Stream<Arguments> waitsForWork() {
    return Stream.of(
        arguments("toThread", true, (Action<Exception>) () -> Async.toThread(() -> {})),
        arguments(
            "a future",
            true,
            (Action<Exception>)
                () -> {
                  var work = new FutureTask<>(() -> 1);
                  Async.createTask(() -> Thread.ofPlatform().start(work));
                  Async.await(work);
                }),
        arguments(
            "a stage",
            false,
            (Action<Exception>)
                () -> {
                  var stage = new CompletableFuture<Integer>();
                  Async.createTask(() -> stage.complete(1));
                  Async.await(stage);
                }),
        arguments("a time", false, (Action<Exception>) () -> Async.sleep(Duration.ofSeconds(1))),
        arguments("a task", false, (Action<Exception>) () -> Async.createTask(() -> {}).await()));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("waitsForWork")
  void aWaitForWorkOutsideTheLoopIsToldFromOthers(
      String name, boolean isForWork, Action<Exception> wait) throws Exception {
    var told = new ArrayList<Boolean>();
    var instrument =
        new Instrument() {
          @Override
          public void waiting(Task<?> task, Waiting on) {
            told.add(on.isForWork());
          }
        };
    try (var loop = loopBuilder().instrument(instrument).build()) {
      loop.run(wait);
    }
    assertThat(told).containsExactly(isForWork);
  }

  @Test
  @CarrierOnly(Difference.INSTRUMENT)
  void aJdkWaitIsToldAsFarAsTheLoopSeesIt() {
    runLogged(() -> {
      var main = Thread.currentThread();
      Async.createTask("other", () -> LockSupport.unpark(main));
      LockSupport.park();
    });
    assertThat(log.of("main"))
        .containsExactly(
            "main created",
            "main ready: START",
            "main resumed",
            "main waits: JDK",
            "main ready: TASK other",
            "main resumed",
            "main done: Success");
  }

  /** Writes down, of each wait, its number and the tasks that can end it. */
  private static final class Edges implements Instrument {
    final List<String> edges = new ArrayList<>();

    @Override
    public void waiting(Task<?> task, Waiting on) {
      var targets = new ArrayList<String>();
      on.targets(target -> targets.add(target.name()));
      edges.add(task.name() + " on " + on.kind() + " " + on.number() + " -> " + targets);
    }
  }

  private List<String> edgesOf(Action<RuntimeException> body) {
    var edges = new Edges();
    try (var loop = loopBuilder().instrument(edges).build()) {
      loop.run(body);
    }
    return edges.edges;
  }

  @Test
  void aWaitForALockLeadsToItsHolder() {
    assertThat(
            edgesOf(() -> {
              var first = new AsyncLock();
              var second = new AsyncLock();
              first.acquire().close();
              var lease = second.acquire();
              Async.createTask("child", () -> second.acquire().close());
              Async.checkpoint();
              lease.close();
              settle();
            }))
        .contains("child on LOCK 2 -> [main]");
  }

  @Test
  void theNumbersOfALoopDoNotDependOnOthers() {
    Action<RuntimeException> body =
        () -> {
          var lock = new AsyncLock();
          var lease = lock.acquire();
          Async.createTask("child", () -> lock.acquire().close());
          Async.checkpoint();
          lease.close();
        };
    assertThat(edgesOf(body)).isEqualTo(edgesOf(body));
  }

  @Test
  void aGroupsJoinLeadsToItsTasks() {
    assertThat(
            edgesOf(() ->
                TaskGroup.run(group -> {
                  group.spawn("one", InstrumentTest::settle);
                  group.spawn("two", InstrumentTest::settle);
                })))
        .contains("main on GROUP 0 -> [one, two]");
  }

  // --- of the loop

  @Test
  void aFailureThatNothingSeesIsToldBeforeTheLoopHasEnded() {
    var handled = new ArrayList<Throwable>();
    try (var loop =
        loopBuilder().instrument(log).exceptionHandler((_, cause) -> handled.add(cause)).build()) {
      loop.run(() -> {
        Async.createTask(
            "child",
            () -> {
              throw new IllegalStateException("oops");
            });
        Async.checkpoint();
      });
    }
    assertThat(handled).hasSize(1);
    assertThat(log.events).containsSubsequence("child failed unseen: oops", "ended");
  }

  @Test
  void aLoopThatMayRunAgainHasNotEnded() {
    try (var loop = loopBuilder().instrument(log).build()) {
      loop.run(() -> {});
      loop.run(() -> {});
      assertThat(log.events).doesNotContain("ended");
    }
    assertThat(log.events).endsWith("ended").containsOnlyOnce("ended");
  }

  @Test
  void aLoopThatFailedHasEnded() {
    var broken =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            throw new IllegalStateException("broken");
          }

          @Override
          public Task<?> next() {
            throw new IllegalStateException("broken");
          }

          @Override
          public int size() {
            return 0;
          }
        };
    try (var _ = new CapturedLog();
        var loop = loopBuilder().instrument(log).schedule(broken).build()) {
      assertThatThrownBy(() -> loop.run(() -> {})).hasMessageContaining("failed");
    }
    assertThat(log.events).endsWith("ended").containsOnlyOnce("ended");
  }

  @Test
  void aStallIsToldOnTheWatchdogsThreadBeforeItIsReported() {
    var stalls = new LinkedBlockingQueue<Stall>();
    var reports = new LinkedBlockingQueue<Stall>();
    var tool =
        new Instrument() {
          @Override
          public void stalled(Stall stall) {
            stalls.add(stall);
          }
        };
    try (var loop =
        EventLoop.builder()
            .instrument(tool)
            .stallThreshold(Duration.ofDays(1))
            .stallHandler(reports::add)
            .build()) {
      loop.run(() -> {
        while (stalls.isEmpty()) {
          Thread.onSpinWait();
        }
      });
    }
    assertThat(stalls.element().task().name()).isEqualTo("main");
    assertThat(stalls.element().lasted()).isBetween(Duration.ofMillis(50), Duration.ofDays(1));
    assertThat(reports).isEmpty();
  }

  @Test
  void reportsOfTheSameStallHaveTheSameStep() {
    var stalls = new ConcurrentLinkedQueue<Stall>();
    var tool =
        new Instrument() {
          @Override
          public void stalled(Stall stall) {
            stalls.add(stall);
          }
        };
    try (var loop = EventLoop.builder().instrument(tool).stallHandler(_ -> {}).build()) {
      loop.run(() -> {
        while (stalls.size() < 2) {
          Thread.onSpinWait();
        }
        Async.checkpoint();
        int before = stalls.size();
        while (stalls.size() == before) {
          Thread.onSpinWait();
        }
      });
    }
    var steps = stalls.stream().map(Stall::step).toList();
    assertThat(steps.get(1)).isEqualTo(steps.get(0));
    assertThat(steps.getLast()).isGreaterThan(steps.get(0));
  }

  // --- added and removed while the loop runs

  @Test
  void oneThatATaskAddsIsToldOfWhatFollows() {
    run(() -> {
      var loop = Async.currentLoop();
      loop.addInstrument(log);
      Async.checkpoint();
      loop.removeInstrument(log);
      Async.checkpoint();
    });
    assertThat(log.events).containsExactly("main ready: YIELD", "main resumed", "main returned");
  }

  @Test
  void oneThatAnotherThreadAddsIsToldOnceTheLoopGetsToIt() throws Exception {
    try (var loop = loopBuilder().start()) {
      loop.addInstrument(log);
      loop.submit(() -> {}).get();
      loop.removeInstrument(log);
      loop.submit(() -> {}).get();
    }
    assertThat(log.events.stream().filter(event -> event.endsWith("created"))).hasSize(1);
  }

  @Test
  void loopsThatOthersBuildMayBeGivenOne() {
    Supplier<Instrument> factory = () -> log;
    EventLoop.addInstruments(factory);
    try {
      Async.run(() -> {});
    } finally {
      EventLoop.removeInstruments(factory);
    }
    Async.run(() -> {});
    assertThat(log.events.stream().filter(event -> event.endsWith("created"))).hasSize(1);
  }

  @Test
  void everyLoopIsGivenOneAlsoIfItWasBuiltBeforeOrRunsAlready() throws Exception {
    Supplier<Instrument> factory = () -> log;
    try (var running = loopBuilder().start();
        var built = loopBuilder().build()) {
      running.submit(() -> {}).get();
      EventLoop.addInstruments(factory);
      try {
        running.submit(() -> {}).get();
        built.run(() -> {});
        built.run(() -> {});
      } finally {
        EventLoop.removeInstruments(factory);
      }
      running.submit(() -> {}).get();
    }
    assertThat(log.events.stream().filter(event -> event.endsWith("created"))).hasSize(3);
  }

  @Test
  void aLoopRunsThoughWhatMakesInstrumentsThrowsOrHasNone() {
    Supplier<Instrument> broken =
        () -> {
          throw new IllegalStateException("no instrument today");
        };
    Supplier<@Nullable Instrument> none = () -> null;
    EventLoop.addInstruments(broken);
    EventLoop.addInstruments(none);
    try (var captured = new CapturedLog()) {
      assertThat(Async.<Integer, RuntimeException>run(() -> 1)).isEqualTo(1);
      assertThat(captured.messages()).containsExactly("what makes the instruments of loops threw");
    } finally {
      EventLoop.removeInstruments(broken);
      EventLoop.removeInstruments(none);
    }
  }

  @Test
  void severalAreToldEachAndOneThatThrowsHarmsNoOther() {
    var second = new Log();
    var broken =
        new Instrument() {
          @Override
          public void resumed(Task<?> task) {
            throw new IllegalStateException("broken");
          }
        };
    try (var _ = new CapturedLog();
        var loop = loopBuilder().instrument(broken).build()) {
      loop.addInstrument(log);
      loop.addInstrument(second);
      loop.run(Async::checkpoint);
    }
    assertThat(log.events).isNotEmpty().isEqualTo(second.events);
  }

  @Test
  void oneMayRemoveItself() {
    var once =
        new Instrument() {
          int told;

          @Override
          public void resumed(Task<?> task) {
            told++;
            task.loop().removeInstrument(this);
          }
        };
    try (var loop = loopBuilder().instrument(once).build()) {
      loop.run(() -> {
        Async.checkpoint();
        Async.checkpoint();
      });
    }
    assertThat(once.told).isOne();
  }

  // --- what it may not do, and may

  @Test
  void itMustNotWaitNeitherInATask() {
    var waits =
        new Instrument() {
          @Override
          public void created(Task<?> task) {
            if (task.name().equals("child")) {
              Async.sleep(Duration.ofDays(1));
            }
          }

          @Override
          public void returned(Task<?> task) {
            Async.checkpoint();
          }
        };
    try (var captured = new CapturedLog();
        var loop = loopBuilder().instrument(waits).build()) {
      loop.run(() -> Async.createTask("child", () -> {}).await());
      assertThat(captured.thrown())
          .hasSize(2)
          .allSatisfy(thrown ->
              assertThat(thrown)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("must not wait"));
    }
  }

  @Test
  void aCancelByOneThatIsToldOfIdlenessIsDoneAtOnce() {
    var canceller =
        new Instrument() {
          @Nullable Task<?> sleeper;

          @Override
          public void waiting(Task<?> task, Waiting on) {
            if (task.name().equals("sleeper")) {
              sleeper = task;
            }
          }

          @Override
          public void idle() {
            if (sleeper != null) {
              sleeper.cancel();
              sleeper = null;
            }
          }
        };
    try (var loop = EventLoop.builder().instrument(canceller).build()) {
      loop.run(() -> {
        var sleeper = Async.createTask("sleeper", () -> Async.sleep(Duration.ofDays(1)));
        assertThatThrownBy(sleeper::await).hasMessageContaining("was cancelled");
        assertThat(sleeper.state()).isEqualTo(Future.State.CANCELLED);
      });
    }
  }
}

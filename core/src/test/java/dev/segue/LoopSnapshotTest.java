package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopSnapshotTest {
  private static final Duration LONG = Duration.ofDays(1);

  private static TaskSnapshot find(LoopSnapshot snapshot, String name) {
    return snapshot.tasks().stream()
        .filter(each -> each.task().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTaskSeesWhatTheOthersDo() {
    Async.run(() -> {
      var lock = new AsyncLock();
      var queue = AsyncQueue.<String>fifo(1);
      Async.createTask("sleeps", () -> Async.sleep(LONG));
      var holder =
          Async.createTask(
              "holds",
              () -> {
                try (var _ = lock.acquire()) {
                  queue.take();
                }
              });
      Async.createTask("waits", () -> Async.timeout(LONG, () -> lock.acquire().close()));
      Async.checkpoint();
      Async.createTask("new", () -> {});
      var snapshot = Async.currentLoop().snapshot(Duration.ZERO);
      assertThat(snapshot.complete()).isTrue();
      assertThat(snapshot.tasks())
          .extracting(each -> each.task().name())
          .containsExactly("main", "sleeps", "holds", "waits", "new");
      assertThat(find(snapshot, "main").state()).isEqualTo(TaskSnapshot.State.RUNNING);
      assertThat(find(snapshot, "new").state()).isEqualTo(TaskSnapshot.State.NEW);
      assertThat(find(snapshot, "sleeps").kind()).isEqualTo(Waiting.Kind.SLEEP);
      assertThat(find(snapshot, "sleeps").mayTimeOut()).isFalse();
      var waits = find(snapshot, "waits");
      assertThat(waits.state()).isEqualTo(TaskSnapshot.State.WAITING);
      assertThat(waits.kind()).isEqualTo(Waiting.Kind.LOCK);
      assertThat(waits.number()).isOne();
      assertThat(waits.describe()).startsWith("lock-1 (held by task 'holds'");
      assertThat(waits.targets()).containsExactly(holder);
      assertThat(waits.mayTimeOut()).isTrue();
      assertThat(find(snapshot, "holds").kind()).isEqualTo(Waiting.Kind.QUEUE);
      assertThat(snapshot.find(holder.id())).isSameAs(find(snapshot, "holds"));
    });
  }

  @Test
  void theTasksOfAGroupHaveItsTaskForParentAndEndItsWait() throws Exception {
    try (var loop = EventLoop.builder().start()) {
      var begun = new CountDownLatch(2);
      loop.submit(() ->
          TaskGroup.run(group -> {
            for (var name : new String[] {"a", "b"}) {
              group.spawn(
                  name,
                  () -> {
                    begun.countDown();
                    Async.sleep(LONG);
                  });
            }
          }));
      begun.await();
      var snapshot = loop.snapshot(Duration.ofSeconds(30));
      assertThat(snapshot.complete()).isTrue();
      var owner = snapshot.tasks().getFirst();
      assertThat(owner.kind()).isEqualTo(Waiting.Kind.GROUP);
      assertThat(owner.targets())
          .containsExactly(find(snapshot, "a").task(), find(snapshot, "b").task());
      assertThat(find(snapshot, "a").parent()).isSameAs(owner.task());
    }
  }

  @Test
  void aTaskThatWaitsForTheNextOfSeveralHasThemForTargets() {
    Async.run(() -> {
      var first = Async.createTask("first", () -> Async.sleep(LONG));
      var second = Async.createTask("second", () -> Async.sleep(LONG));
      var over = Async.createTask("over", () -> {});
      Async.createTask(
          "waits", () -> Async.waitFor(List.of(first, over, second), ReturnWhen.ALL_COMPLETED));
      Async.sleep(Duration.ofMillis(1));
      var waits = find(Async.currentLoop().snapshot(Duration.ZERO), "waits");
      assertThat(waits.kind()).isEqualTo(Waiting.Kind.TASKS);
      assertThat(waits.targets()).containsExactly(first, second);
    });
  }

  @Test
  void howManyTasksAreWaitedForIsBounded() {
    Async.run(() -> {
      var many = new ArrayList<Task<?>>();
      for (int i = 0; i < 1_000; i++) {
        many.add(Async.createTask(() -> Async.sleep(LONG)));
      }
      for (int i = 0; i < 1_000; i++) {
        Async.createTask(() -> Async.waitFor(many, ReturnWhen.FIRST_COMPLETED));
      }
      Async.sleep(Duration.ofMillis(1));
      var snapshot = Async.currentLoop().snapshot(Duration.ZERO);
      assertThat(snapshot.tasks()).hasSize(2_001);
      assertThat(snapshot.tasks().stream().mapToInt(task -> task.targets().size()).sum())
          .isBetween(5_000, 10_000);
    });
  }

  @Test
  void aTimeOutIsFoundAroundManyScopesButNotOutsideAShield() throws Exception {
    Async.run(() -> {
      var go = new AsyncEvent();
      try {
        nest(20, () -> Async.createTask("outside", () -> Async.sleep(LONG)));
        Async.createTask("nested", () -> nest(20, () -> Async.sleep(LONG)));
        Async.createTask("shielded", () -> Async.timeout(LONG, () -> Async.shield(go::await)));
        Async.sleep(Duration.ofMillis(1));
        var snapshot = Async.currentLoop().snapshot(Duration.ZERO);
        assertThat(find(snapshot, "outside").mayTimeOut()).isFalse();
        assertThat(find(snapshot, "nested").mayTimeOut()).isTrue();
        assertThat(find(snapshot, "shielded").mayTimeOut()).isFalse();
      } finally {
        go.set(); // the end of the run cannot cancel what is shielded
      }
    });
  }

  private static void nest(int scopes, Action<Exception> body) throws Exception {
    if (scopes == 0) {
      body.run();
    } else {
      Async.timeout(LONG, () -> nest(scopes - 1, body));
    }
  }

  @Test
  void aLoopThatIsHeldIsSeenFromOutside() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
      loop.submit(() -> {
        Async.createTask("child", () -> {});
        begun.countDown();
        while (release.getCount() > 0) {
          Thread.onSpinWait();
        }
      });
      begun.await();
      var snapshot = loop.snapshot(Duration.ofMillis(1));
      release.countDown();
      assertThat(snapshot.complete()).isTrue(); // it has not gone on meanwhile
      assertThat(snapshot.loopTime()).isZero();
      assertThat(snapshot.tasks())
          .extracting(TaskSnapshot::state)
          .containsExactly(TaskSnapshot.State.RUNNING, TaskSnapshot.State.NEW);
    }
  }

  @Test
  void aLoopThatDoesNotRunHasItsTasksSeenToo() {
    var loop = EventLoop.builder().build();
    assertThat(loop.snapshot(LONG))
        .isEqualTo(new LoopSnapshot(loop, new ArrayList<>(), true, Duration.ZERO));
    loop.close();
    assertThat(loop.snapshot(LONG).tasks()).isEmpty();
    assertThatThrownBy(() -> loop.snapshot(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void theStackOfATaskIsThatOfItsCode() {
    Async.run(() -> {
      var task = Async.createTask("sleeps", () -> sleepHere());
      assertThat(task.stack()).isEmpty();
      Async.checkpoint();
      assertThat(task.stack()).extracting(StackTraceElement::getMethodName).contains("sleepHere");
      task.cancel();
      assertThatThrownBy(task::await).hasMessageContaining("cancelled");
      assertThat(task.stack()).isEmpty();
    });
  }

  private static void sleepHere() {
    Async.sleep(LONG);
  }

  @Test
  void aDeadlockIsToldBeforeItIsThrown() {
    var told = new CopyOnWriteArrayList<DeadlockException>();
    var loop =
        EventLoop.builder()
            .instrument(
                new Instrument() {
                  @Override
                  public void deadlocked(DeadlockException deadlock) {
                    told.add(deadlock);
                  }
                })
            .build();
    try (loop) {
      loop.run(() -> {
        var lock = new AsyncLock();
        var _ = lock.acquire();
        assertThatThrownBy(lock::acquire).isInstanceOf(DeadlockException.class);
      });
    }
    assertThat(told).singleElement().satisfies(each -> assertThat(each.path()).hasSize(1));
  }

  @Test
  void aFailureThatNobodySawIsTold() {
    var told = new CopyOnWriteArrayList<String>();
    var loop =
        EventLoop.builder()
            .exceptionHandler((_, _) -> {})
            .instrument(
                new Instrument() {
                  @Override
                  public void unobserved(Task<?> task, Throwable failure) {
                    told.add(task.name() + ": " + failure.getMessage());
                  }
                })
            .build();
    try (loop) {
      loop.run(() -> {
        Async.createTask(
            "bad",
            () -> {
              throw new IllegalStateException("no");
            });
        Async.checkpoint();
      });
    }
    assertThat(told).containsExactly("bad: no");
  }

  @Test
  void aHeldLoopIsToldLongBeforeItIsReported() {
    var told = new CopyOnWriteArrayList<Stall>();
    var loop =
        EventLoop.builder()
            .stallThreshold(LONG)
            .instrument(
                new Instrument() {
                  @Override
                  public void stalled(Stall stall) {
                    told.add(stall);
                  }
                })
            .build();
    try (loop) {
      loop.run(() -> {
        while (told.isEmpty()) {
          Thread.onSpinWait();
        }
      });
    }
    assertThat(told.getFirst().task()).isNotNull();
    assertThat(told.getFirst().lasted()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(told.getFirst().stack()).isNotEmpty();
  }
}

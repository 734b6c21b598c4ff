package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the search for deadlocks costs: in proportion to the waits, whatever their shape. */
class DeadlockSearchTest extends OnLoop {
  private static long hops() {
    return Async.currentTask().kernel().waitGraph().hops();
  }

  @Test
  void manyTasksThatAwaitOneThatFansOut() {
    int count = 3_000;
    run(() -> {
      var load =
          Async.createTask(
              "load",
              () ->
                  Async.gather(
                      Collections.nCopies(count, (Callable<Integer>) () -> slowly(10, 1))));
      settle();
      Async.gather(Collections.nCopies(count, (Callable<Integer>) () -> load.await().size()));
      assertThat(hops()).isLessThan(100L * count);
    });
  }

  @Test
  void aChainOfAGroupsTasks() {
    int length = 3_000;
    run(() -> {
      TaskGroup.run(group -> {
        Task<Integer> last = group.spawn(() -> slowly(10, 0));
        for (int i = 1; i < length; i++) {
          var before = last;
          last = group.spawn(() -> before.await() + 1);
        }
      });
      assertThat(hops()).isLessThan(100L * length);
    });
  }

  @Test
  void aChainThatGrowsTogetherFromPiecesInAnyOrder() {
    int length = 3_000;
    run(() -> {
      var order = new ArrayList<Integer>();
      for (int i = 1; i < length; i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(1));
      var tasks = new ArrayList<Task<Integer>>(Collections.nCopies(length, null));
      var begin = new ArrayList<AsyncEvent>();
      for (int i = 0; i < length; i++) {
        int number = i;
        begin.add(new AsyncEvent());
        tasks.set(
            i,
            Async.createTask(() -> {
              begin.get(number).await();
              return number == 0 ? 0 : tasks.get(number - 1).await() + 1;
            }));
      }
      Async.checkpoint();
      for (int next : order) {
        begin.get(next).set();
        Async.checkpoint();
      }
      begin.getFirst().set();
      assertThat(tasks.getLast().await()).isEqualTo(length - 1);
      assertThat(hops()).isLessThan(200L * length);
    });
  }

  @Test
  void waitsWithMuchOnEitherSideAreSearchedTogether() {
    int many = 1_500;
    int rounds = 20;
    run(() -> {
      var popular =
          Async.createTask(
              "popular",
              () -> {
                settle(); // all of the others wait for this one
                for (int i = 0; i < rounds; i++) {
                  var lock = new AsyncLock();
                  try (var _ = holderOf(lock)) {
                    Async.gather(
                        Collections.nCopies(many, (Callable<Integer>) () -> takeAndReturn(lock)));
                  }
                }
                return 0;
              });
      Async.gather(Collections.nCopies(many, (Callable<Integer>) popular::await));
      assertThat(hops()).isLessThan(20L * many * rounds);
    });
  }

  private static int takeAndReturn(AsyncLock lock) {
    try (var _ = lock.acquire()) {
      return 1;
    }
  }

  /** Another task that holds a lock for a while. */
  private static AutoCloseableTask holderOf(AsyncLock lock) {
    var holder =
        Async.createTask(() -> {
          try (var _ = lock.acquire()) {
            Async.sleep(ms(1));
          }
        });
    Async.checkpoint();
    return holder::await;
  }

  private interface AutoCloseableTask extends AutoCloseable {
    @Override
    void close();
  }

  @Test
  void twoLongRingsThroughOneGroupAreBothBroken() {
    int length = 1_500;
    run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                var self = Async.currentTask();
                TaskGroup.run(group -> {
                  for (int ring = 0; ring < 2; ring++) {
                    Task<?> last = self;
                    for (int i = 1; i < length; i++) {
                      var before = last;
                      last = Async.createTask(() -> before.outcome());
                    }
                    var before = last;
                    group.spawn("child-" + ring, () -> before.outcome());
                  }
                  settle();
                });
              });
      var outcome = owner.outcome();
      assertThat(outcome).isInstanceOf(Outcome.Failure.class);
      var failures = new ArrayList<Throwable>();
      failures.add(((Outcome.Failure<?>) outcome).cause().getCause());
      failures.addAll(List.of(((Outcome.Failure<?>) outcome).cause().getSuppressed()));
      assertThat(failures)
          .hasSize(2)
          .allSatisfy(failure ->
              assertThat(failure)
                  .isInstanceOfSatisfying(
                      DeadlockException.class, e -> assertThat(e.path()).hasSize(length + 1)));
    });
  }
}

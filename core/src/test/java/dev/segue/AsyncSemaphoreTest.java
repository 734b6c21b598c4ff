package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncSemaphoreTest extends OnLoop {
  private final List<String> log = new ArrayList<>();

  private Task<Void> taker(AsyncSemaphore semaphore, String name) {
    return Async.createTask(
        name,
        () -> {
          try (var _ = semaphore.acquire()) {
            log.add(name);
            Async.sleep(seconds(1));
          }
        });
  }

  @Test
  void noMoreTasksHaveAPermitThanThereArePermits() {
    var semaphore = AsyncSemaphore.bounded(3);
    var inside = new int[2];
    run(() -> {
      var tasks = new ArrayList<Task<Void>>();
      for (int i = 0; i < 10; i++) {
        tasks.add(
            Async.createTask(() -> {
              try (var _ = semaphore.acquire()) {
                inside[1] = Math.max(inside[1], ++inside[0]);
                Async.sleep(seconds(1));
                inside[0]--;
              }
            }));
      }
      tasks.forEach(Task::await);
    });
    assertThat(inside[1]).isEqualTo(3);
    assertThat(clock.elapsed()).isEqualTo(seconds(4));
    assertThat(semaphore).hasToString("semaphore (3 of 3 permits, 0 waiting)");
  }

  @Test
  void aFreePermitIsTakenWithoutLettingOthersRun() {
    var semaphore = new AsyncSemaphore(2);
    run(() ->
        Async.uninterleaved(() -> {
          semaphore.acquire().close();
          assertThat(semaphore.tryAcquire()).isTrue();
          semaphore.release();
        }));
  }

  @Test
  void aNewcomerDoesNotOvertakeTheTaskThatAPermitIsHandedTo() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var waiter = taker(semaphore, "waiter");
      settle();
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isFalse();
      var newcomer = taker(semaphore, "newcomer");
      settle();
      assertThat(log).containsExactly("waiter");
      waiter.await();
      newcomer.await();
    });
  }

  @Test
  void aTaskThatIsCancelledTakesNoPermitWithIt() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var first = taker(semaphore, "first");
      var second = taker(semaphore, "second");
      settle();
      first.cancel();
      semaphore.release();
      second.await();
      assertThat(log).containsExactly("second");
      assertThat(semaphore).hasToString("semaphore (1 permits, 0 waiting)");
    });
  }

  @Test
  void aTaskThatIsCancelledAfterTheReleaseInTheSameTurnHasThePermitAndGivesItBack() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var first = taker(semaphore, "first");
      var second = taker(semaphore, "second");
      settle();
      semaphore.release();
      first.cancel();
      second.await();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(log).containsExactly("first", "second");
      assertThat(semaphore.tryAcquire()).isTrue();
      assertThat(semaphore.tryAcquire()).isFalse();
    });
  }

  @Test
  void inACancelledScopeNoPermitIsTaken() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        assertThatThrownBy(semaphore::acquire).isInstanceOf(Cancelled.class);
      });
      assertThat(semaphore.tryAcquire()).isTrue();
    });
  }

  @Test
  void aTimeOutEndsTheWait() {
    var semaphore = new AsyncSemaphore(0);
    run(() ->
        assertThatThrownBy(() -> Async.timeout(seconds(1), semaphore::acquire))
            .isInstanceOf(TimeoutException.class));
    assertThat(semaphore).hasToString("semaphore (0 permits, 0 waiting)");
  }

  @Test
  void anyTaskMayReleaseAPermit() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      Async.createTask(semaphore::release);
      semaphore.acquire();
    });
  }

  @Test
  void permitsMayBeAdded() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isTrue();
      assertThat(semaphore.tryAcquire()).isTrue();
      assertThat(semaphore.tryAcquire()).isFalse();
    });
  }

  @Test
  void aBoundedSemaphoreRefusesAPermitTooMany() {
    var semaphore = AsyncSemaphore.bounded(1);
    run(() -> {
      assertThatThrownBy(semaphore::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AsyncSemaphore.release was called more often than")
          .hasMessageContaining("1 permits");
      assertThat(semaphore).hasToString("semaphore (1 of 1 permits, 0 waiting)");
    });
  }

  @Test
  void aSemaphoreWithoutABoundRefusesAPermitThatItCannotCount() {
    var semaphore = new AsyncSemaphore(Integer.MAX_VALUE);
    run(() -> assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class));
  }

  @Test
  void closingALeaseTwiceDoesNoHarm() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      var lease = semaphore.acquire();
      lease.close();
      lease.close();
      assertThat(semaphore).hasToString("semaphore (1 permits, 0 waiting)");
    });
  }

  @Test
  void aTaskMayTakeSeveralPermits() {
    var semaphore = new AsyncSemaphore(2);
    run(() -> {
      try (var _ = semaphore.acquire();
          var _ = semaphore.acquire()) {
        assertThat(semaphore.tryAcquire()).isFalse();
      }
    });
  }

  @Test
  void aNegativeNumberOfPermitsIsRefused() {
    assertThatThrownBy(() -> new AsyncSemaphore(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("permits must not be negative, and is -1");
    assertThatThrownBy(() -> AsyncSemaphore.bounded(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTaskThatWaitsForItselfIsNotThrownOn() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      try (var _ = semaphore.acquire()) {
        assertThatThrownBy(() -> Async.timeout(seconds(1), semaphore::acquire))
            .isInstanceOf(TimeoutException.class);
      }
    });
  }
}

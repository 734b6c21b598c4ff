package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncEventTest extends OnLoop {
  private final AsyncEvent event = new AsyncEvent();
  private final List<String> log = new ArrayList<>();

  private Task<Void> waiter(String name) {
    return Async.createTask(
        name,
        () -> {
          event.await();
          log.add(name);
        });
  }

  @Test
  void settingItWakesAllInTheOrderInWhichTheyCame() {
    run(() -> {
      var tasks = List.of(waiter("a"), waiter("b"), waiter("c"));
      settle();
      assertThat(log).isEmpty();
      event.set();
      tasks.forEach(Task::await);
      assertThat(log).containsExactly("a", "b", "c");
    });
  }

  @Test
  void awaitReturnsWithoutLettingOthersRunIfItIsSet() {
    run(() -> {
      event.set();
      Async.createTask(() -> log.add("other"));
      Async.uninterleaved(event::await);
      assertThat(log).isEmpty();
    });
  }

  @Test
  void inACancelledScopeAwaitThrowsAlsoIfItIsSet() {
    run(() -> {
      event.set();
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        assertThatThrownBy(event::await).isInstanceOf(Cancelled.class);
      });
    });
  }

  @Test
  void aTaskThatWasWokenGoesOnAlsoIfTheEventIsClearedInTheSameTurn() {
    run(() -> {
      var waiter = waiter("a");
      settle();
      event.set();
      event.clear();
      waiter.await();
      assertThat(event.isSet()).isFalse();
      assertThat(log).containsExactly("a");
    });
  }

  @Test
  void aCancelBeforeTheSetEndsTheWaitAndOneAfterItDoesNot() {
    run(() -> {
      var before = waiter("before");
      var after = waiter("after");
      settle();
      before.cancel();
      event.set();
      after.cancel();
      assertThat(before.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(after.outcome()).isInstanceOf(Outcome.Success.class);
      assertThat(log).containsExactly("after");
    });
  }

  @Test
  void aTimeOutEndsTheWait() {
    run(() ->
        assertThatThrownBy(() -> Async.timeout(seconds(1), event::await))
            .isInstanceOf(TimeoutException.class));
    assertThat(event).asString().endsWith("0 waiting)");
  }

  @Test
  void anotherThreadSetsItThroughTheLoop() {
    try (var started = EventLoop.builder().start()) {
      var waiting = started.submit(event::await);
      started.execute(event::set);
      assertThat(waiting).succeedsWithin(seconds(10));
    }
  }

  @Test
  void toStringSaysWhetherItIsSetAndHowManyWait() {
    run(() -> {
      var waiter = waiter("a");
      settle();
      assertThat(event).hasToString("event (not set, 1 waiting)");
      assertThat(waiter).asString().contains("(waiting for event (not set, 1 waiting))");
      event.set();
      assertThat(event).hasToString("event (set)");
    });
  }
}

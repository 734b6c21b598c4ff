package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlockTest {
  private static List<String> names(DeadlockException e) {
    return e.path().stream().map(Task::name).toList();
  }

  @Test
  void twoTasksThatAwaitEachOtherAreRefusedWithThePath() {
    Async.run(() -> {
      var tasks = new ArrayList<Task<?>>();
      tasks.add(Async.createTask("foo", () -> tasks.get(1).await()));
      tasks.add(Async.createTask("boo", () -> tasks.get(0).await()));
      assertThatThrownBy(() -> tasks.get(0).await())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              DeadlockException.class, e -> assertThat(names(e)).containsExactly("boo", "foo"))
          .hasMessage("deadlock: 'boo' waits for 'foo' waits for 'boo'");
    });
  }

  @Test
  void aTaskThatAwaitsItselfIsRefused() {
    Async.run(() -> {
      var me = Async.currentTask();
      assertThatThrownBy(me::await)
          .isInstanceOfSatisfying(
              DeadlockException.class, e -> assertThat(e.path()).containsExactly(me));
      assertThatThrownBy(me::get).isInstanceOf(DeadlockException.class);
      assertThatThrownBy(me::outcome).isInstanceOf(DeadlockException.class);
    });
  }

  @Test
  void onlyTheWaitThatClosesTheRingThrows() {
    var outcomes =
        Async.run(() -> {
          var tasks = new ArrayList<Task<String>>();
          for (int i = 0; i < 5; i++) {
            int next = (i + 1) % 5;
            tasks.add(
                Async.createTask(
                    "t" + i,
                    () -> {
                      try {
                        return tasks.get(next).await();
                      } catch (DeadlockException e) {
                        return "broken by " + Async.currentTask().name();
                      }
                    }));
          }
          return tasks.stream().map(Task::await).toList();
        });
    assertThat(outcomes).containsOnly("broken by t4").hasSize(5);
  }

  @Test
  void aGroupsTaskThatAwaitsTheGroupsOwnerIsRefused() {
    Async.run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                var self = Async.currentTask();
                TaskGroup.run(group -> group.spawn("child", () -> self.await()));
              });
      assertThatThrownBy(owner::await)
          .hasRootCauseInstanceOf(DeadlockException.class)
          .rootCause()
          .isInstanceOfSatisfying(
              DeadlockException.class, e -> assertThat(names(e)).containsExactly("child", "owner"));
    });
  }

  @Test
  void theOwnersJoinThatClosesTheRingThrowsAndEndsTheGroup() {
    Async.run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                var self = Async.currentTask();
                TaskGroup.run(group -> {
                  group.spawn("child", () -> self.await());
                  Async.sleep(Duration.ofMillis(1)); // the child waits before the join does
                });
              });
      assertThatThrownBy(owner::await).hasRootCauseInstanceOf(DeadlockException.class);
      assertThat(Async.allTasks()).hasSize(1);
    });
  }

  @Test
  void aRingWithATimeOutInItIsLeftToTheTimeOut() {
    Async.run(() -> {
      var tasks = new ArrayList<Task<?>>();
      tasks.add(
          Async.createTask(
              "foo",
              () -> {
                try {
                  return Async.timeout(Duration.ofMillis(20), () -> tasks.get(1).await());
                } catch (TimeoutException e) {
                  return "timed out";
                }
              }));
      tasks.add(Async.createTask("boo", () -> tasks.get(0).await()));
      assertThat(tasks.get(1).await()).isEqualTo("timed out");
    });
  }

  @Test
  void aTimeOutOutsideAShieldDoesNotCount() {
    Async.run(() -> {
      var tasks = new ArrayList<Task<?>>();
      tasks.add(
          Async.createTask(
              "foo",
              () ->
                  Async.timeout(
                      Duration.ofMinutes(5), () -> Async.shield(() -> tasks.get(1).await()))));
      tasks.add(Async.createTask("boo", () -> tasks.get(0).await()));
      assertThatThrownBy(() -> tasks.get(1).await())
          .hasRootCauseInstanceOf(DeadlockException.class);
    });
  }

  @Test
  void aRingLongerThanTheEagerSearchIsFoundWhenTheLoopIdles() {
    int length = 3_000;
    Async.run(() -> {
      var tasks = new ArrayList<Task<?>>();
      for (int i = 0; i < length; i++) {
        int next = (i + 1) % length;
        tasks.add(Async.createTask("t" + i, () -> tasks.get(next).await()));
      }
      assertThatThrownBy(() -> tasks.get(0).await())
          .hasRootCauseInstanceOf(DeadlockException.class)
          .rootCause()
          .isInstanceOfSatisfying(
              DeadlockException.class, e -> assertThat(e.path()).hasSize(length));
    });
  }

  @Test
  void aLongChainWithoutARingIsNoDeadlock() {
    int length = 5_000;
    int sum =
        Async.run(() -> {
          Task<Integer> last =
              Async.createTask(() -> {
                Async.sleep(Duration.ofMillis(20));
                return 0;
              });
          for (int i = 0; i < length; i++) {
            var before = last;
            last = Async.createTask(() -> before.await() + 1);
          }
          return last.await();
        });
    assertThat(sum).isEqualTo(length);
  }
}

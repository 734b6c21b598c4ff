package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.ReturnWhen;
import dev.segue.futures.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for tasks whose results have different types. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MixedTasksTest extends OnManualClock {
  @Test
  void waitForTakesTasksOfDifferentTypes() {
    run(() -> {
      var number = Async.createTask(() -> 1);
      var text = Async.createTask(() -> "two");
      List<Task<?>> tasks = List.of(number, text);
      WaitResult<Task<?>> result = Async.waitFor(tasks, ReturnWhen.ALL_COMPLETED);
      assertThat(result.done()).containsExactly(number, text);
      assertThat(result.pending()).isEmpty();
    });
  }

  @Test
  void asCompletedTakesTasksOfDifferentTypes() {
    run(() -> {
      var late =
          Async.createTask(() -> {
            Async.sleep(Duration.ofSeconds(1));
            return 1;
          });
      var early = Async.createTask(() -> "two");
      var ended = new ArrayList<Task<?>>();
      for (var task : Async.asCompleted(List.of(late, early))) {
        ended.add(task);
      }
      assertThat(ended).containsExactly(early, late);
    });
  }

  @Test
  void waitForTakesTheLoopsOtherTasks() {
    run(() -> {
      var number = Async.createTask(() -> 1);
      var nothing = Async.createTask(() -> Async.sleep(Duration.ofSeconds(1)));
      Set<Task<?>> others = Async.allTasks();
      others.remove(Async.currentTask());
      assertThat(Async.waitFor(others, ReturnWhen.ALL_COMPLETED).done())
          .containsExactly(number, nothing);
    });
  }

  @Test
  void waitForTakesACollectionOfSomeKindOfTask() {
    run(() -> {
      List<? extends Task<?>> tasks = List.of(Async.createTask(() -> 1));
      assertThat(Async.waitFor(tasks, ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(1)).done())
          .hasSize(1);
    });
  }
}

package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PreventStartTest {
  /** What a cancel from another thread meets where the task's turn comes in the middle of it. */
  @Test
  void aTaskWhoseTurnComesWhileItsStartIsBeingPreventedEndsAllTheSame() throws Exception {
    var begun = new ArrayList<String>();
    Async.run(() -> {
      var task = Async.createTask(() -> begun.add("begun"));
      boolean prevented =
          task.preventStart(() -> {
            Async.checkpoint();
            Async.checkpoint();
            return CancelRequest.byCall(task, "a test");
          });
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isEqualTo(prevented);
      assertThat(begun.isEmpty()).isEqualTo(prevented);
    });
  }
}

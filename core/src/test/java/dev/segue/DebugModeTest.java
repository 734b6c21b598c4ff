package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DebugModeTest {
  /** Awaits a task that fails, and leaves another failure to nobody. */
  static final class Program {
    public static void main(String[] args) {
      Async.run(() -> {
        var task = creationSite();
        try {
          task.await();
        } catch (CompletionException e) {
          e.printStackTrace();
        }
        unobservedSite();
        Async.checkpoint();
      });
    }

    static Task<Integer> creationSite() {
      return Async.createTask(
          "observed",
          () -> {
            throw new IllegalArgumentException("wrong");
          });
    }

    static void unobservedSite() {
      Async.createTask(
          "unobserved",
          () -> {
            throw new IllegalArgumentException("lost");
          });
    }
  }

  @Test
  void inDebugModeAFailureShowsWhereItsTaskWasCreated() throws Exception {
    try (var jvm = ChildJvm.start(Program.class, "-Dsegue.debug=true")) {
      var output = jvm.output();
      assertThat(output).contains("task 'observed' was created here").contains("creationSite");
      assertThat(output).contains("task 'unobserved' was created here").contains("unobservedSite");
    }
  }

  @Test
  void withoutDebugModeItDoesNot() throws Exception {
    try (var jvm = ChildJvm.start(Program.class)) {
      assertThat(jvm.output()).contains("wrong", "lost").doesNotContain("was created here");
    }
  }
}

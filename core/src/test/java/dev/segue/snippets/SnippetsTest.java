package dev.segue.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of the Javadoc, which takes them from here: each compiles and runs. */
@Timeout(60)
class SnippetsTest {
  private static String download(String page) {
    Async.sleep(Duration.ofMillis(1));
    return page + " loaded";
  }

  @Test
  void async() {
    // @start region="async"
    Async.run(() -> {
      Task<String> page = Async.createTask(() -> download("a")); // runs beside this task
      Async.sleep(Duration.ofMillis(20)); // only this task sleeps
      System.out.println(page.await());
    });
    // @end
  }

  @Test
  void embedded() throws Exception {
    // @start region="embedded"
    try (var loop = EventLoop.builder().name("pages").start()) {
      Task<String> page = loop.submit(() -> download("a")); // from any thread
      System.out.println(page.get());
    }
    // @end
  }

  @Test
  void scope() {
    Async.run(() -> {
      // @start region="scope"
      var scope = CancelScope.within(Duration.ofSeconds(2));
      boolean finished = scope.run(() -> download("a")); // false: the two seconds were up
      // @end
      assertThat(finished).isTrue();
    });
  }

  @Test
  void group() {
    Async.run(() -> {
      // @start region="group"
      TaskGroup.run(group -> {
        group.spawn(() -> download("a"));
        group.spawn(() -> download("b"));
      }); // both have ended here
      // @end
    });
  }

  @Test
  void gather() {
    Async.run(() -> {
      // @start region="gather"
      List<String> pages = Async.gather(() -> download("a"), () -> download("b"));
      // @end
      assertThat(pages).containsExactly("a loaded", "b loaded");
    });
  }

  @Test
  void timeout() {
    Async.run(() -> {
      // @start region="timeout"
      try {
        Async.timeout(Duration.ofMillis(20), () -> Async.sleep(Duration.ofMinutes(1)));
      } catch (TimeoutException e) {
        System.out.println(e.getMessage()); // not finished within PT0.02S
      }
      // @end
    });
  }

  @Test
  void outcome() {
    Async.run(() -> {
      Task<String> task = Async.createTask(() -> download("a"));
      // @start region="outcome"
      String text =
          switch (task.outcome()) {
            case Outcome.Success<String>(var page) -> page;
            case Outcome.Failure<String>(var cause) -> "failed: " + cause;
            case Outcome.Cancellation<String>(var cancelled) -> cancelled.reason();
          };
      // @end
      assertThat(text).isEqualTo("a loaded");
    });
  }

  @Test
  void shield() {
    Async.run(() -> {
      var task =
          Async.createTask(() -> {
            // @start region="shield"
            try {
              download("a");
            } finally {
              Async.shield(() -> download("goodbye")); // waits, although it is cancelled
            }
            // @end
          });
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }
}

package dev.segue.lab.examples;

import dev.segue.Async;
import dev.segue.Outcome;
import dev.segue.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Two tasks that await each other could never go on: the wait that closes the ring is refused at
 * once, and says who waits for whom.
 *
 * <p>The article's own program is another thing: its functions call each other, and so overflow the
 * stack. That ends the task and nothing else.
 */
public final class Deadlock {
  private Deadlock() {}

  /** Runs the example. */
  public static void main() {
    Async.run(() -> {
      System.out.println("Each task awaits the other:");
      var tasks = new ArrayList<Task<?>>();
      tasks.add(Async.createTask("foo", () -> awaitTask(tasks.get(1))));
      tasks.add(Async.createTask("boo", () -> awaitTask(tasks.get(0))));
      logEnds(tasks);

      System.out.println("Each function calls the other:");
      logEnds(
          List.of(
              Async.createTask("foo", Deadlock::foo), //
              Async.createTask("boo", Deadlock::boo)));
    });
  }

  private static void awaitTask(Task<?> other) {
    log(Async.currentTask().name() + " awaits " + other.name());
    other.await();
  }

  private static void foo() {
    boo();
  }

  private static void boo() {
    foo();
  }

  private static void logEnds(List<Task<?>> tasks) {
    for (var task : tasks) {
      switch (task.outcome()) { // waits for the end, and does not throw what the task threw
        case Outcome.Failure<?>(StackOverflowError _) ->
            log(
                task.name()
                    + " failed: StackOverflowError, as foo and boo call each other for ever");
        case Outcome.Failure<?>(var cause) -> log(task.name() + " failed: " + cause.getMessage());
        default -> log(task.name() + " ended");
      }
    }
  }

  private static void log(String message) {
    var loop = Async.currentLoop().name();
    System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), loop, message);
  }
}

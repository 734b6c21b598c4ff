package dev.segue.cli;

import dev.segue.Async;
import java.time.Duration;

/**
 * What {@code ./segue} runs to make its start-up cache: an example with a process pool, and the
 * commands that look into a program, on this one.
 */
final class Training {
  private Training() {}

  /** Runs them, whose output nobody reads. */
  public static void main(String... arguments) {
    run("examples", "--scale", "0.1", "sort-processes");
    var pid = String.valueOf(ProcessHandle.current().pid());
    Async.run(() -> {
      var sleeper = Async.createTask(() -> Async.sleep(Duration.ofHours(1)));
      for (var command : new String[] {"ps", "pstree"}) {
        Async.toThread(() -> run(command, pid));
      }
      sleeper.cancel(true);
    });
  }

  /** Whether it succeeds is no matter: what has run is in the cache. */
  private static void run(String... arguments) {
    var _ = Main.commandLine(new ExamplesCommand()).execute(arguments);
  }
}

package dev.segue.cli;

import dev.segue.inspect.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code segue pstree}. */
@Command(
    name = "pstree",
    header = "Shows the tasks of a running program as a tree.",
    description = {
      "%nBelow a task are the tasks of its groups and the task that it awaits. Tasks that are alike, "
          + "with all that is below them, are one line with their number. Tasks that wait for each "
          + "other in a cycle are listed first, and marked.%n"
    },
    footer = {
      "  segue pstree 4711",
      "  segue pstree 4711 --watch=1s             again every second",
      "  segue pstree 4711 --json",
    })
final class PstreeCommand implements Callable<Integer> {
  @Mixin private LookOptions look;
  @Mixin private WatchOptions options;

  @Override
  public Integer call() throws InterruptedException {
    return options.show(
        look,
        Snapshot.Stacks.SOME,
        snapshot -> TaskTree.text(snapshot, look),
        snapshot -> Json.of(TaskTree.json(snapshot)));
  }
}

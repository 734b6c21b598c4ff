package dev.segue.cli;

import dev.segue.inspect.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code segue ps}. */
@Command(
    name = "ps",
    header = "Shows the tasks of a running program: what each waits for, since when, and where.",
    description = {
      "%nThe process is any JVM with Segue on its class path, of the same user. Nothing has to be "
          + "set up in it. A loop that is held by a task is shown too.%n",
      "A wait's time is exact to about a tenth of a second. Where tasks were created is known if "
          + "the program runs with -Dsegue.debug=true.%n"
    },
    footer = {
      "  segue ps 4711",
      "  segue ps 4711 --stacks=all               with the stack of each task",
      "  segue ps 4711 --watch                    again every 2 s",
      "  segue ps 4711 --json | jq '.loops[].tasks | length'",
    })
final class PsCommand implements Callable<Integer> {
  @Mixin private LookOptions look;
  @Mixin private WatchOptions options;

  @Option(
      names = "--stacks",
      paramLabel = "WHOSE",
      defaultValue = "some",
      description = {
        "Whose stacks to take: none, some, all. Default: some, for the column AT, from as many tasks"
            + " as 0.1 s allows. With all, they are printed."
      })
  private Snapshot.Stacks stacks;

  @Override
  public Integer call() throws InterruptedException {
    boolean all = stacks == Snapshot.Stacks.ALL;
    return options.show(
        look,
        stacks,
        snapshot -> new TaskTable(snapshot, all, look).text(),
        snapshot -> Json.of(snapshot.json(all)));
  }
}

package dev.segue.cli;

import dev.segue.cli.Unreachable.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How the tasks of a process are shown: once, or again and again. */
final class WatchOptions {
  private static final String CLEAR = "\033[H\033[2J\033[3J";

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON document, in a line, instead of text.")
  private boolean json;

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "2s",
      converter = LookOptions.Time.class,
      description = "Show it again after each TIME until the process ends. Default: 2s.")
  private @Nullable Duration watch;

  /** Shows the tasks in one way or the other; returns what the command exits with. */
  int show(
      LookOptions look,
      Snapshot.Stacks stacks,
      Function<Snapshot, String> asText,
      Function<Snapshot, String> asJson)
      throws InterruptedException {
    return look.talk(conversations -> {
      var shown = json ? asJson : asText;
      if (watch == null) {
        print(shown.apply(Snapshot.of(look.pid(), conversations, stacks)));
        return ExitCode.OK;
      }
      return showAgain(look, conversations, stacks, shown);
    });
  }

  private int showAgain(
      LookOptions look,
      List<Conversation> conversations,
      Snapshot.Stacks stacks,
      Function<Snapshot, String> shown)
      throws IOException, Unreachable, InterruptedException {
    boolean clears = !json && spec.commandLine().getColorScheme().ansi().enabled();
    try {
      while (true) {
        var text = shown.apply(Snapshot.of(look.pid(), conversations, stacks));
        print(clears ? CLEAR + text : text);
        Thread.sleep(watch == null ? Duration.ZERO : watch);
      }
    } catch (Unreachable e) {
      if (e.reason() != Reason.NO_PROCESS) {
        throw e;
      }
      look.complain(e.sentence());
      return ExitCode.OK; // that is what one has waited for
    }
  }

  private void print(String text) {
    var out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}

package dev.segue.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code segue}. */
@Command(
    name = "segue",
    header = "asyncio and concurrent.futures for Java: try it, run it, see it, measure it.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something is not: each command's help says what, and the codes up to 10",
      "2:the command line is wrong",
      "69:./segue found no JDK 25 or no Maven",
      "70:./segue could not build Segue",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue examples                 run the article's programs",
      "  segue run Drinks.java          run a program of yours",
      "  segue serve chat               serve a chat on port 7000",
      "  segue ps 4711                  what the tasks of process 4711 wait for",
      "  segue record 4711 10s          a page with what they do in 10 s",
      "  segue compare http             which model suits the jobs best, and why",
      "  segue bench --help             what can be measured",
      "  segue report out.segue         show a recording as a page",
      "",
      "Set NO_COLOR to any value to turn off colours, and SEGUE_JAVA to the JDK to use."
    })
public final class Main implements Callable<Integer> {

  @Spec private CommandSpec spec;

  private Main() {}

  /**
   * Runs one command and exits with its code, which is 2 if the command line is wrong.
   *
   * @param args the command line
   */
  public static void main(final String[] args) {
    System.exit(commandLine(new ExamplesCommand()).execute(args));
  }

  static CommandLine commandLine(ExamplesCommand examples) {
    return new CommandLine(new Main())
        .addSubcommand(examples)
        .addSubcommand(new CommandLine(new RunCommand()).setStopAtPositional(true))
        .addSubcommand(new ServeCommand())
        .addSubcommand(new PsCommand())
        .addSubcommand(new PstreeCommand())
        .addSubcommand(new RecordCommand())
        .addSubcommand(new CompareCommand())
        .addSubcommand(new BenchCommand())
        .addSubcommand(new ReportCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> complain(e));
  }

  /** Prints in one line what is wrong with the command line. */
  private static int complain(ParameterException e) {
    var command = e.getCommandLine();
    var name = command.getCommandSpec().qualifiedName();
    var suggestions =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.<String>of();
    command
        .getErr()
        .println(
            name
                + ": "
                + e.getMessage()
                + (suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?")
                + "; see '"
                + name
                + " --help'");
    return ExitCode.USAGE;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      final var version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"segue " + Objects.requireNonNullElse(version, "(unpackaged)")};
    }
  }
}

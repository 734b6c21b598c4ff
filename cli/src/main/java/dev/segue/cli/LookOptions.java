package dev.segue.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** What the commands that look into a running program share: options, exit codes, headings. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:a file cannot be written or read",
      "2:the command line is wrong",
      "3:there is no such process, or it has ended",
      "4:the process belongs to another user",
      "5:the process is not a Java process",
      "6:no event loop of Segue's runs in the process",
      "7:the process is stopped, by Ctrl-Z or by a debugger",
      "8:the process has not answered in time",
      "9:the folder in which one asks is not the user's alone",
      "10:the process has answered with an error, or speaks another version",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n")
final class LookOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "PID",
      description = "The process, whose number 'jps' or 'pgrep java' prints.")
  private long pid;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Time.class,
      description = "How long to wait for an answer, as 500ms or 10s. Default: 5s.")
  private Duration timeout;

  @Option(
      names = "--attach",
      description = {
        "Ask by the JVM's Attach API: for a process that does not answer otherwise. The process then"
            + " writes a warning to its standard error."
      })
  private boolean attach;

  /** A time as 500ms, 10s or 2m; seconds without a unit. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      var number = text.replaceFirst("[a-z]*$", "");
      var unit = text.substring(number.length());
      if (!number.matches("\\d{1,9}") || Long.parseLong(number) == 0) {
        throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 10s or 2m");
      }
      long amount = Long.parseLong(number);
      return switch (unit) {
        case "ms" -> Duration.ofMillis(amount);
        case "", "s" -> Duration.ofSeconds(amount);
        case "m", "min" -> Duration.ofMinutes(amount);
        default -> throw new TypeConversionException("'" + unit + "' is not a unit: ms, s or m");
      };
    }
  }

  /** What to do with the conversations. */
  interface Talk {
    int with(List<Conversation> conversations)
        throws IOException, Unreachable, InterruptedException;
  }

  long pid() {
    return pid;
  }

  /** Has the process answer, and returns what the command exits with. */
  int talk(Talk talk) throws InterruptedException {
    if (pid <= 0) {
      throw new ParameterException(spec.commandLine(), "PID must be positive, not " + pid);
    }
    try {
      var conversations =
          Conversation.begin(new JavaProcess(pid), JavaProcess.folder(), attach, timeout.toNanos());
      try {
        return talk.with(conversations);
      } finally {
        for (var conversation : conversations) {
          conversation.close();
        }
      }
    } catch (Unreachable e) {
      complain(e.sentence());
      return e.exitCode();
    } catch (IOException e) {
      complain(e.toString());
      return ExitCode.SOFTWARE;
    }
  }

  void complain(String message) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + message);
  }

  String styled(String text, Style style) {
    return spec.commandLine().getColorScheme().ansi().enabled()
        ? Style.on(style) + text + Style.off(style)
        : text;
  }
}

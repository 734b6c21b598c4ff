package dev.segue.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code segue run}: its help, and its complaints about the command line. The script
 * {@code ./segue} starts the program, because only a script can be replaced by another process.
 */
@Command(
    name = "run",
    header = "Runs a Java source file with Segue on its class path.",
    description = {
      "%nThe file is compiled in memory and run by the JDK's source launcher, with the option that "
          + "Segue needs. The program gets the terminal, the standard input and Ctrl-C, and its exit "
          + "code is the command's.%n",
      "The workers of a process pool cannot load classes that were compiled in memory: compile a "
          + "program that uses one with javac.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the program ended",
      "1:the program failed with an exception, or did not compile",
      "2:the command line is wrong, or there is no such file",
      "130:ended by Ctrl-C",
      "any other:the program's own"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue run Drinks.java",
      "  segue run Count.java words.txt 3          with two arguments",
      "  segue run --jvm -Dsegue.debug=true Drinks.java",
      "  segue run --report out.html Drinks.java",
      "  segue run --jvm -Xmx1g --jvm -ea Drinks.java",
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--jvm",
      paramLabel = "OPTION",
      description = "An option for the JVM. Can be given more than once, before the file.")
  private List<String> jvmOptions = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "When the program ends, write a page, as out.html, that shows what its tasks and threads "
              + "did, what held them up, and which updates of its fields were lost.")
  private @Nullable Path report;

  @Parameters(
      index = "0",
      paramLabel = "FILE.java",
      description = "The source file. It needs a main method.")
  private Path file;

  @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "Arguments for the program.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() {
    if (Files.isDirectory(file)) {
      throw wrong(file + " is a folder; name the source file in it that has the main method");
    } else if (Files.notExists(file)) {
      throw wrong("there is no file " + file);
    } else if (!file.toString().endsWith(".java")) {
      throw wrong(file + " is not a Java source file: its name does not end in .java");
    } else if (!Files.isReadable(file)) {
      throw wrong(file + " cannot be read");
    }
    var command =
        new ArrayList<>(List.of("java", "--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    command.addAll(jvmOptions);
    if (report != null) {
      command.add("-javaagent:segue.jar=" + report);
    }
    command.addAll(List.of("-cp", "segue.jar", file.toString()));
    command.addAll(arguments);
    throw wrong(
        "only the script ./segue starts programs; without it, use '"
            + String.join(" ", command)
            + "'");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

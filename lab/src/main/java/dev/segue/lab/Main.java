package dev.segue.lab;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code segue}. */
@Command(
    name = "segue",
    description = "asyncio and concurrent.futures for Java: the lab.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  private Main() {}

  /**
   * Runs one command and exits with its code: 0, or 2 if the command line is wrong.
   *
   * @param args the command line
   */
  public static void main(final String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      final var version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"segue " + Objects.requireNonNullElse(version, "(unpackaged)")};
    }
  }
}

package dev.segue.lab;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code segue bench}. */
@Command(
    name = "bench",
    header = "Measures how fast Segue is, beside its peers and what the machine can do.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = ProcessPoolBenchCommand.class)
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}

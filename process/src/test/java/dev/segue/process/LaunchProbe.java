package dev.segue.process;

import dev.segue.process.WorkerCommandTest.Given;
import java.io.IOException;
import java.util.List;

/** A program in place of a user's: starts a {@link WorkerProbe} and passes on what that says. */
public final class LaunchProbe {
  private LaunchProbe() {}

  /** The arguments are the probe's. */
  public static void main(String[] args) throws Exception {
    System.exit(run(args));
  }

  public static int run(String... args) throws IOException, InterruptedException {
    WorkerCommand command;
    try {
      command = new WorkerCommand(new Given().settings(), WorkerProbe.class.getName());
    } catch (IllegalStateException e) {
      System.out.println("refused: " + e.getMessage());
      return 3;
    }
    return start(command, args).waitFor();
  }

  private static Process start(WorkerCommand command, String... args) throws IOException {
    var process = command.newProcess();
    process.command().addAll(List.of(args));
    process.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    process.redirectError(ProcessBuilder.Redirect.INHERIT);
    return process.start();
  }
}

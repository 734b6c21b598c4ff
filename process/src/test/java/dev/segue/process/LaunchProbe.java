package dev.segue.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Stands for a user's program: starts a {@link WorkerProbe} and passes on its output. */
public final class LaunchProbe {
  private LaunchProbe() {}

  /** The arguments are the probe's. */
  public static void main(String[] args) throws Exception {
    var given = new GivenSettings();
    var folder = System.getProperty("probe.folder");
    given.workingDirectory = folder == null ? null : Path.of(folder);
    WorkerCommand command;
    try {
      command = new WorkerCommand(given.settings(), WorkerProbe.class.getName());
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
      return;
    }
    System.exit(start(command, args).waitFor());
  }

  private static Process start(WorkerCommand command, String... args) throws IOException {
    var process = command.newProcess();
    process.command().addAll(List.of(args));
    process.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    process.redirectError(ProcessBuilder.Redirect.INHERIT);
    return process.start();
  }
}

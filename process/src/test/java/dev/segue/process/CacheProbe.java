package dev.segue.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/**
 * A program that makes a start-up cache, and for each line of its input starts a {@link
 * WorkerProbe} that prints whether it uses the cache.
 */
public final class CacheProbe {
  private CacheProbe() {}

  /** The arguments are further options for the probes' JVMs. */
  public static void main(String[] options) throws Exception {
    var given = new WorkerCommandTest.Given();
    given.jvmArgs = List.of(options);
    given.heap = Long.getLong("probe.heap", 0);
    var command = new WorkerCommand(given.settings(), WorkerProbe.class.getName());
    command.makeStartupCache();
    while (System.in.read() >= 0) {
      probe(command);
    }
  }

  private static void probe(WorkerCommand command) throws IOException, InterruptedException {
    var process = command.newProcess();
    process.command().add("archive");
    process.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT).start().waitFor();
  }
}

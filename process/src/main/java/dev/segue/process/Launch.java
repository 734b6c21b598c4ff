package dev.segue.process;

import dev.segue.process.wire.WorkerConfiguration;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** Starts one worker, and then forwards its output, on threads of its own. */
final class Launch {
  /** A process that has started, and how to reach it. */
  record Started(Process process, ExpectedWorker expected) {}

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Pool pool;
  private final WorkerProcess worker;
  private final WorkerCommand command;
  private final Settings settings;
  private final boolean hasInitializer;

  Launch(
      Pool pool,
      WorkerProcess worker,
      WorkerCommand command,
      Settings settings,
      boolean hasInitializer) {
    this.pool = pool;
    this.worker = worker;
    this.command = command;
    this.settings = settings;
    this.hasInitializer = hasInitializer;
  }

  void start() {
    start("launch", this::run);
  }

  private void start(String what, Runnable body) {
    var _ =
        Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false)
            .name(threadName(what))
            .start(body);
  }

  private String threadName(String what) {
    return worker.name() + "-" + what;
  }

  private void run() {
    Process process;
    try {
      process = launch();
    } catch (IOException | RuntimeException e) {
      pool.launchFailed(worker, "cannot start its process: " + e.getMessage());
      return;
    }
    start("stderr", () -> forwardErrors(process));
    var _ =
        process
            .onExit()
            .thenRun(
                () -> Thread.ofVirtual().name(threadName("exit")).start(() -> exited(process)));
    sweep();
    Thread.currentThread().setName(threadName("stdout"));
    forward(process.getInputStream(), settings.output(), _ -> {});
  }

  private Process launch() throws IOException {
    // First, because the JVM's start takes longest: the rest is done meanwhile.
    var process = command.newProcess().start();
    try {
      introduce(process);
      return process;
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Tells the worker where to connect, and with which secret. */
  private void introduce(Process process) throws IOException {
    var rendezvous = Rendezvous.create();
    var secret = new byte[WorkerConfiguration.SECRET_BYTES];
    RANDOM.nextBytes(secret);
    var expected = new ExpectedWorker(worker, rendezvous, secret);
    try {
      pool.await(expected);
    } catch (IOException | RuntimeException e) {
      expected.close();
      throw e;
    }
    pool.launched(worker, new Started(process, expected));
    var configuration =
        new WorkerConfiguration(
            secret,
            rendezvous.socket().toString(),
            rendezvous.claimsFile().toString(),
            ProcessGroup.launcher() == null,
            hasInitializer,
            command.classPathSeen());
    // Its end is the end of the worker's standard input, which its tasks and their children see.
    try (var out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()))) {
      configuration.write(out);
    } catch (IOException _) {
      // It has already ended: its exit code and standard error tell why.
    }
  }

  /** Removes what killed pools left behind, while the worker is starting. */
  private static void sweep() {
    try {
      Rendezvous.sweep();
    } catch (IOException e) {
      Log.warn("cannot look for files that killed pools left behind: " + e);
    }
  }

  private void exited(Process process) {
    ProcessGroup.kill(process.pid()); // what its tasks left behind, before its end is reported
    pool.exited(worker, process.exitValue());
  }

  private void forwardErrors(Process process) {
    forward(process.getErrorStream(), settings.errors(), worker.stderr()::add);
  }

  private void forward(InputStream from, Appendable to, Consumer<String> seen) {
    OutputPump.pump(
        from,
        line -> {
          seen.accept(line);
          print(to, line);
        });
    pool.outputEnded(worker);
  }

  private void print(Appendable to, String line) {
    try {
      synchronized (to) {
        to.append(worker.name() + ": " + line + System.lineSeparator());
      }
    } catch (IOException | RuntimeException _) {
      // The user's stream is closed or broken: the worker must not block because of that.
    }
  }
}

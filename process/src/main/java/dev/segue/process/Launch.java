package dev.segue.process;

import dev.segue.futures.internal.Failures;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts one worker, and then forwards its output, on threads of its own. */
final class Launch {
  /** A process that has started, and how to reach it. */
  record Started(Process process, ExpectedWorker expected) {}

  private final Pool pool;
  private final ServiceThreads threads;
  private final WorkerProcess worker;
  private final WorkerCommand command;
  private final Settings settings;
  private final boolean hasInitializer;

  /** The worker's process, once there is one. */
  private volatile @Nullable Process process;

  Launch(
      Pool pool,
      ServiceThreads threads,
      WorkerProcess worker,
      WorkerCommand command,
      Settings settings,
      boolean hasInitializer) {
    this.pool = pool;
    this.threads = threads;
    this.worker = worker;
    this.command = command;
    this.settings = settings;
    this.hasInitializer = hasInitializer;
  }

  void start() {
    start("launch", this::run, this::giveUp);
  }

  /** Starts a thread. If even its handler fails, the pool has failed. */
  private void start(String what, ServiceThreads.Body body, Consumer<Throwable> failed) {
    threads.start(
        threadName(what),
        body,
        t -> {
          try {
            failed.accept(t);
          } catch (Throwable fault) {
            pool.broken(fault);
          }
        });
  }

  private String threadName(String what) {
    return worker.name() + "-" + what;
  }

  private void run() throws IOException {
    // First, because the JVM's start takes longest: the rest is done meanwhile.
    var process = command.newProcess().start();
    this.process = process; // whatever fails from here on, it is killed, and its end is reported
    try {
      command.checkClassFiles();
      introduce(process);
    } catch (Throwable t) {
      failed(process, "cannot prepare it: ", t);
    }
    start("exit", () -> awaitExit(process), this::giveUp);
    startPump("stderr", process, process.getErrorStream(), settings.errors(), worker.stderr()::add);
    startPump("stdout", process, process.getInputStream(), settings.output(), _ -> {});
    Preloading.ofConnections();
    sweep();
  }

  /** Reports the end of a worker for which there is no thread, or whose launch went wrong. */
  private void giveUp(Throwable why) {
    var process = this.process;
    if (process == null) {
      pool.launchFailed(worker, "cannot start its process: " + Failures.describe(why));
    } else {
      failed(process, "cannot watch its process: ", why);
      awaitExit(process);
    }
  }

  /** Has the pool kill a process that it cannot serve. */
  private void failed(Process process, String what, Throwable why) {
    pool.unserved(worker, process, what + Failures.describe(why));
  }

  /** Tells the worker where to connect, and with which secret. */
  private void introduce(Process process) throws IOException {
    var rendezvous = Rendezvous.create();
    var secret = new byte[WorkerConfiguration.SECRET_BYTES];
    new SecureRandom().nextBytes(secret); // the first use is slow, so it is made here
    var expected = new ExpectedWorker(worker, rendezvous, secret);
    try {
      pool.await(expected);
    } catch (Throwable t) {
      expected.close();
      throw t;
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
    } catch (Throwable t) {
      Log.warn("cannot remove the files that killed pools left behind: " + Failures.describe(t));
    }
  }

  private void awaitExit(Process process) {
    int code = exitCode(process);
    try {
      ProcessGroup.kill(process.pid()); // what its tasks left behind, before its end is reported
    } catch (Throwable t) {
      Log.warn("cannot end what " + worker.name() + " left behind: " + Failures.describe(t));
    }
    pool.exited(worker, code);
  }

  private static int exitCode(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException _) {
        // Nobody may interrupt this thread.
      }
    }
  }

  private void startPump(
      String what, Process process, InputStream from, Appendable to, Consumer<String> seen) {
    start(
        what,
        () -> {
          OutputPump.pump(
              from,
              line -> {
                seen.accept(line);
                print(to, line);
              });
          pool.outputEnded(worker);
        },
        t -> {
          failed(process, "cannot read its " + what + ": ", t);
          pool.outputEnded(worker);
        });
  }

  private void print(Appendable to, String line) {
    try {
      synchronized (to) {
        to.append(worker.name() + ": " + line + System.lineSeparator());
      }
    } catch (Throwable _) {
      // The user's stream is closed or broken: the worker must not block because of that.
    }
  }
}

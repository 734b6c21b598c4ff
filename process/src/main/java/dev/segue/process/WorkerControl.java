package dev.segue.process;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * In a worker: what the parent says on standard input after the configuration. Its end means that
 * the parent is dead, and ends the worker.
 */
final class WorkerControl {
  /** Interrupt the task with this number. */
  static final byte INTERRUPT = 1;

  /** End, with shutdown hooks; the number means nothing. */
  static final byte EXIT = 2;

  private static final int ORPHANED = 1;

  private final DataInputStream parent;
  private final TaskRunner runner;

  WorkerControl(DataInputStream parent, TaskRunner runner) {
    this.parent = parent;
    this.runner = runner;
  }

  void start() {
    Thread.ofPlatform().daemon().name("segue-worker-control").start(this::listen);
  }

  private void listen() {
    try {
      while (true) {
        byte message = parent.readByte();
        long number = parent.readLong();
        switch (message) {
          case INTERRUPT -> runner.interrupt(number);
          case EXIT -> Thread.ofPlatform().start(() -> System.exit(0)); // hooks may take their time
          default -> throw new ProtocolException("unknown control message " + message);
        }
      }
    } catch (IOException _) {
      end(ORPHANED);
    }
  }

  /** Ends the worker at once, with all threads and processes that its tasks have left behind. */
  static void end(int exitCode) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    ProcessGroup.killOwn();
    Runtime.getRuntime().halt(exitCode);
  }
}

package dev.segue.process;

import dev.segue.process.wire.ControlMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * In a worker: what the parent says on standard input after the configuration. Its end means that
 * the parent is dead, and ends the worker.
 */
final class WorkerControl {
  private static final int ORPHANED = 1;

  /** What an exit without slow shutdown hooks takes, and more. */
  private static final Duration QUICK_EXIT = Duration.ofMillis(200);

  private final DataInputStream parent;
  private final SocketChannel channel;
  private final TaskRunner runner;
  private volatile boolean exiting;

  WorkerControl(DataInputStream parent, SocketChannel channel, TaskRunner runner) {
    this.parent = parent;
    this.channel = channel;
    this.runner = runner;
  }

  void start() {
    Thread.ofPlatform().daemon().name("segue-worker-control").start(this::listen);
  }

  private void listen() {
    try {
      while (true) {
        var message = ControlMessage.read(parent);
        switch (message.kind()) {
          case INTERRUPT -> runner.interrupt(message.task());
          case EXIT -> exit();
        }
      }
    } catch (IOException | InterruptedException _) {
      end(ORPHANED);
    }
  }

  /**
   * Begins to end. The JVM's end waits 300 ms for threads that are in a system call, so neither
   * this thread nor the main one reads meanwhile; only if hooks take long is the parent listened to
   * again.
   */
  private void exit() throws IOException, InterruptedException {
    exiting = true;
    channel.shutdownInput();
    Thread.ofPlatform().name("segue-worker-exit").start(() -> System.exit(0));
    Thread.sleep(QUICK_EXIT);
  }

  /** Whether the end of the connection is the end that the parent asked for. */
  boolean isExiting() {
    return exiting;
  }

  /** Ends the worker at once, with all threads and processes that its tasks have left behind. */
  static void end(int exitCode) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    ProcessGroup.killOwn();
    Runtime.getRuntime().halt(exitCode);
  }
}

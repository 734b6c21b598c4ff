package dev.segue.process;

import dev.segue.process.wire.ControlMessage;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * In a worker: handles the control messages, which have a connection of their own. Its end means
 * that the parent is dead, and ends the worker.
 */
final class WorkerControl {
  private static final int ORPHANED = 1;
  private static final int UNCONTROLLED = 77;

  /** Longer than an exit without slow shutdown hooks takes. */
  private static final Duration QUICK_EXIT = Duration.ofMillis(200);

  private final SocketChannel parent;
  private final SocketChannel data;
  private final TaskRunner runner;
  private volatile boolean exiting;

  /**
   * Makes the control of a worker.
   *
   * @param parent where control messages arrive
   * @param data where tasks arrive
   */
  WorkerControl(SocketChannel parent, SocketChannel data, TaskRunner runner) {
    this.parent = parent;
    this.data = data;
    this.runner = runner;
  }

  /** Starts the thread. A task that interrupts its own thread group does not reach it. */
  void start() {
    Thread.ofPlatform()
        .group(Thread.currentThread().getThreadGroup().getParent())
        .daemon()
        .name("segue-worker-control")
        .start(this::listen);
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
    } catch (Throwable t) { // for want of threads or memory
      Log.error("this worker cannot be controlled any more, and ends", t);
      end(UNCONTROLLED);
    }
  }

  /**
   * Starts to exit. A JVM that exits waits 300 ms for threads in system calls, so neither this
   * thread nor the main thread reads for a while. If shutdown hooks take longer, this thread
   * listens to the parent again.
   */
  private void exit() throws IOException, InterruptedException {
    exiting = true;
    data.shutdownInput();
    Thread.ofPlatform().name("segue-worker-exit").start(() -> System.exit(0));
    Thread.sleep(QUICK_EXIT);
  }

  /** Whether the parent has asked this worker to exit. */
  boolean isExiting() {
    return exiting;
  }

  /** Halts the worker at once, and kills all processes that its tasks have started. */
  static void end(int exitCode) {
    try {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      ProcessGroup.killOwn();
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }
}

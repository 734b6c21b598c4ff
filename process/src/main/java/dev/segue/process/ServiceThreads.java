package dev.segue.process;

import java.util.function.Consumer;

/**
 * Starts the threads that serve a pool. Each is guarded: what its body throws, an error too, goes
 * to the handler that it was started with, and so does the reason why a thread cannot be started.
 * So no thread ends unnoticed.
 *
 * <p>They are platform threads: the program's virtual threads may hold up all others of that kind.
 */
class ServiceThreads {
  /** What a thread does. */
  interface Body {
    void run() throws Exception;
  }

  /**
   * Starts a daemon thread.
   *
   * @param failed given what the body threw, on the new thread; or why there is no thread, on the
   *     calling one
   */
  final void start(String name, Body body, Consumer<Throwable> failed) {
    start(name, true, body, failed);
  }

  /** As {@link #start(String, Body, Consumer)}, for a thread that may keep the JVM alive. */
  final void start(String name, boolean daemon, Body body, Consumer<Throwable> failed) {
    try {
      create(name, daemon, () -> run(name, body, failed)).start();
    } catch (Throwable t) { // for want of memory, or of threads
      failed.accept(t);
    }
  }

  private void run(String name, Body body, Consumer<Throwable> failed) {
    try {
      before(name);
      body.run();
    } catch (Throwable t) {
      failed.accept(t);
    }
  }

  /** Returns a thread that has not been started. Tests throw here what the start might. */
  Thread create(String name, boolean daemon, Runnable body) {
    return Thread.ofPlatform()
        .daemon(daemon)
        .inheritInheritableThreadLocals(false)
        .name(name)
        .unstarted(body);
  }

  /** Called before each body. Tests throw here what the body might. */
  void before(String name) {}
}

package dev.segue;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine whose tasks run, from start to end, on the thread that serves the loop: it leaves a
 * race between that thread and others and nothing else. Its tasks must not wait.
 */
final class InlineEngine implements TaskEngine {
  @Override
  public EventLoop.Engine kind() {
    return EventLoop.Engine.CARRIER;
  }

  @Override
  public TaskThread newThread(Task<?> task) {
    return new InlineThread(task);
  }

  /** A kernel with this engine. */
  static Kernel newKernel() {
    return Kernels.newKernel(new InlineEngine());
  }

  /** A thread that nobody starts, and that counts how often it is interrupted. */
  static final class Interrupts extends Thread {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void interrupt() {
      count.incrementAndGet();
    }

    int count() {
      return count.get();
    }
  }

  static final class InlineThread implements TaskThread {
    private final Task<?> task;
    private final Interrupts thread = new Interrupts();

    InlineThread(Task<?> task) {
      this.task = task;
    }

    @Override
    public Interrupts thread() {
      return thread;
    }

    @Override
    public void start() {
      task.kernel().ready(task);
    }

    @Override
    public boolean suspend() {
      throw new UnsupportedOperationException("waits");
    }

    @Override
    public boolean yieldOnce() {
      throw new UnsupportedOperationException("waits");
    }

    @Override
    public void resume() {
      task.kernel().ready(task);
    }

    @Override
    public void step() {
      task.runBody();
    }
  }
}

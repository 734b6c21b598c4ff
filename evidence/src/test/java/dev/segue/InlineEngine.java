package dev.segue;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
  public <T extends @Nullable Object> Task<T> newTask(TaskSpec<T> spec) {
    return new InlineTask<>(spec);
  }

  @Override
  public int kilobytesOfAnOperation() {
    return 3;
  }

  @Override
  public long patienceNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public Stall.Cause causeOfWait() {
    return Stall.Cause.UNKNOWN;
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

  private static final class InlineTask<T extends @Nullable Object> extends Task<T> {
    private final Interrupts thread = new Interrupts();

    InlineTask(TaskSpec<T> spec) {
      super(spec);
    }

    @Override
    Interrupts thread() {
      return thread;
    }

    @Override
    boolean unmount() {
      throw new UnsupportedOperationException("waits");
    }

    @Override
    boolean unmountForOneTurn() {
      throw new UnsupportedOperationException("waits");
    }

    @Override
    void resume() {
      kernel().ready(this);
    }

    @Override
    void step() {
      runBody();
    }
  }
}

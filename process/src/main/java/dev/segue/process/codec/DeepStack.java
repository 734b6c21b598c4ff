package dev.segue.process.codec;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A thread with a stack for values as deep as they may be. The system provides what is used. */
final class DeepStack {
  private static final long BYTES = 64 << 20;

  private DeepStack() {}

  /** Decodes a value while the calling thread waits. An interrupt of that one is passed on. */
  static @Nullable Object decode(Callable<@Nullable Object> body)
      throws IOException, ClassNotFoundException {
    var work = new FutureTask<@Nullable Object>(body);
    var thread = new Thread(null, work, Thread.currentThread().getName() + "-deep", BYTES);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return work.get();
        } catch (InterruptedException _) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case ClassNotFoundException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new AssertionError(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

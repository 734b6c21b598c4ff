package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirDeletionStrategy;

/** What the contracts share. */
@Tag("contract")
@Timeout(180)
public abstract class ExecutorContract {
  @TempDir(deletionStrategy = AgainIfNeeded.class)
  Path folder;

  /** Tasks that outlive their test raise signals while the folder is being deleted. */
  static final class AgainIfNeeded implements TempDirDeletionStrategy {
    @Override
    public DeletionResult delete(
        Path folder, AnnotatedElementContext element, ExtensionContext extension)
        throws IOException {
      var result = Standard.INSTANCE.delete(folder, element, extension);
      for (int i = 0; !result.isSuccessful() && i < 10; i++) {
        result = Standard.INSTANCE.delete(folder, element, extension);
      }
      return result;
    }
  }

  /** Makes an executor that runs this many tasks at a time. */
  protected abstract ExecutorService newExecutor(int parallelism);

  Blocker blocker() {
    return Blocker.in(folder);
  }

  Signal signal(String name) {
    return new Signal(folder.resolve(name).toString());
  }

  static <T> Callable<T> task(SerializableCallable<T> body) {
    return body;
  }

  /** A task that throws. */
  static <T> Callable<T> failing(String message) {
    return task(() -> {
      throw new IllegalStateException(message);
    });
  }

  /** An action that may be interrupted. */
  interface Action {
    void run() throws Exception;
  }

  /** Interrupts an action once it waits, and returns what it threw. */
  static Throwable thrownWhenInterrupted(Action action) throws InterruptedException {
    var thrown = new AtomicReference<Throwable>();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                action.run();
              } catch (Throwable t) {
                thrown.set(t);
              }
            });
    awaitWaiting(thread);
    thread.interrupt();
    thread.join(120_000);
    assertThat(thread.isAlive()).as("it is over").isFalse();
    return thrown.get();
  }

  static void awaitWaiting(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING
        && thread.isAlive()) {
      Thread.sleep(1);
    }
  }
}

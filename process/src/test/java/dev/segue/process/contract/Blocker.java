package dev.segue.process.contract;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A task that runs until it is released or interrupted, and says so.
 *
 * @param begun raised when it runs
 * @param release lets it return
 * @param interrupted raised when it was interrupted
 * @param returned raised when it was not
 */
public record Blocker(Signal begun, Signal release, Signal interrupted, Signal returned)
    implements SerializableCallable<String>, Serializable {
  public static Blocker in(Path folder) {
    var prefix = folder.resolve(UUID.randomUUID().toString());
    return new Blocker(
        new Signal(prefix + "-begun"),
        new Signal(prefix + "-release"),
        new Signal(prefix + "-interrupted"),
        new Signal(prefix + "-returned"));
  }

  @Override
  public String call() throws InterruptedException {
    begun.raise();
    try {
      release.await();
    } catch (InterruptedException e) {
      interrupted.raise();
      throw e;
    }
    returned.raise();
    return "released";
  }

  /** The same; an interrupt just ends it. */
  public SerializableRunnable asRunnable() {
    return () -> {
      try {
        var _ = call();
      } catch (InterruptedException _) {
        // raised
      }
    };
  }
}

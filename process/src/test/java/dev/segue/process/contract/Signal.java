package dev.segue.process.contract;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An event that threads and processes can raise and await: a file.
 *
 * @param path the file, in a folder of the test
 */
public record Signal(String path) implements Serializable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  public void raise() {
    try {
      Files.createFile(Path.of(path));
    } catch (FileAlreadyExistsException | NoSuchFileException _) {
      // it was raised before, or the test has ended
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isRaised() {
    return Files.exists(Path.of(path));
  }

  /** Returns when it is raised, or when the test has ended. */
  public void await() throws InterruptedException {
    long begin = System.nanoTime();
    while (!isRaised() && Files.exists(Path.of(path).getParent())) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new AssertionError(path + " was not raised");
      }
      Thread.sleep(2);
    }
  }
}

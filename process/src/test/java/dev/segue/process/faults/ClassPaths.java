package dev.segue.process.faults;

import dev.segue.Async;
import dev.segue.futures.WorkFuture;
import dev.segue.process.ProcessPoolExecutor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Class paths that lack something. */
final class ClassPaths {
  private ClassPaths() {}

  /** Segue alone. */
  static List<Path> withoutTests() {
    return List.of(of(ProcessPoolExecutor.class), of(WorkFuture.class), of(Async.class));
  }

  /** Where a class comes from. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}

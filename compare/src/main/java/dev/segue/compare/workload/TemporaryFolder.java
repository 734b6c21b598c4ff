package dev.segue.compare.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** A folder that is removed at the end, with all that is in it. */
final class TemporaryFolder implements Surroundings {
  static final String PARAMETER = "folder";

  private final Path path;

  TemporaryFolder() throws IOException {
    path = Files.createTempDirectory("segue-compare-");
  }

  Path path() {
    return path;
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of(PARAMETER, path.toString());
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

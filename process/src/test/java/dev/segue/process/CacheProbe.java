package dev.segue.process;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program with a pool. It prints whether its worker uses an archive of the program's own. */
public final class CacheProbe {
  private CacheProbe() {}

  /** The arguments are options for the worker's JVM. */
  public static void main(String[] options) throws Exception {
    try (var pool =
        ProcessPoolExecutor.builder()
            .maxWorkers(1)
            .jvmArgs(options)
            .workingDirectory(Path.of("/"))
            .build()) {
      System.out.println(pool.submit(() -> new Answer(usesArchive())).get().usesArchive());
    }
  }

  private record Answer(boolean usesArchive) implements Serializable {}

  /** As the JVM maps it into memory. */
  private static boolean usesArchive() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .anyMatch(line -> line.endsWith("/app.aot"));
  }
}

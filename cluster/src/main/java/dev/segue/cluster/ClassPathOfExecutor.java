package dev.segue.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** What an executor has on its class path before anything is sent to it. */
final class ClassPathOfExecutor {
  private final Set<String> paths = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  private ClassPathOfExecutor(List<String> entries) {
    for (var entry : entries) {
      paths.add(entry);
      names.add(String.valueOf(Path.of(entry).getFileName()));
    }
  }

  /** Asks one executor, as all have the same. Blocks until it answers. */
  static ClassPathOfExecutor ask(SparkContext context) {
    return new ClassPathOfExecutor(
        new JavaSparkContext(context)
            .parallelize(List.of(0), 1)
            .flatMap(_ -> ClassPath.ofThisJvm().stream().map(Path::toString).iterator())
            .collect());
  }

  /** Whether it has what this JVM has: a jar of that name, or that folder. */
  boolean has(Path entry) {
    return Files.isDirectory(entry)
        ? paths.contains(entry.toString())
        : names.contains(String.valueOf(entry.getFileName()));
  }
}

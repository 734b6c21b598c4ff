package dev.segue.process;

import java.io.IOException;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The program that makes the file of a {@link StartupCache}: a worker records what it loads, a JVM
 * makes the file from that, and another worker proves that it can start with the file.
 *
 * <p>Like workers, it ends with its parent, and then leaves no file behind.
 */
final class StartupCacheMaker {
  /** How many files are kept, for different JDKs, builds and options. */
  private static final int KEPT = 6;

  private static final long ABANDONED_MILLIS = TimeUnit.MINUTES.toMillis(30);

  private StartupCacheMaker() {}

  /** Takes the file to make, and the command of a worker's JVM up to the class path. */
  public static void main(String[] args) throws IOException {
    var file = Path.of(args[0]);
    long pid = ProcessHandle.current().pid();
    var recorded = Path.of(file + "." + pid + ".recorded");
    var made = Path.of(file + "." + pid + ".made");
    endWithParent(recorded, made);
    try {
      record(recorded);
      assemble(Arrays.asList(args).subList(1, args.length), recorded, made);
      start(made);
    } catch (Exception _) {
      Files.write(made, new byte[0]); // what failed now will fail again
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(recorded);
    sweep(file.resolveSibling(""));
    Runtime.getRuntime().halt(0); // without waiting for the thread that watches the parent
  }

  private static void endWithParent(Path... files) {
    Thread.ofPlatform()
        .daemon()
        .name("segue-parent-watch")
        .start(() -> {
          try {
            while (System.in.read() >= 0) {}
          } catch (IOException _) {
            // The parent has ended.
          }
          ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
          for (var file : files) {
            var _ = file.toFile().delete();
          }
          Runtime.getRuntime().halt(1);
        });
  }

  private static void record(Path recorded) throws ExecutionException, InterruptedException {
    try (var pool =
        pool(
            "-XX:AOTMode=record",
            "-XX:AOTConfiguration=" + recorded,
            // Profiles of so short a run make the compilers work at each start, to no avail.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTRecordTraining")) {
      exercise(pool);
    }
  }

  private static void assemble(List<String> java, Path recorded, Path made)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(java);
    Collections.addAll(
        command, "-XX:AOTMode=create", "-XX:AOTConfiguration=" + recorded, "-XX:AOTCache=" + made);
    int exit =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("exit code " + exit);
    }
  }

  /** Fails unless a worker can start with it. */
  private static void start(Path made) throws ExecutionException, InterruptedException {
    try (var pool = pool("-XX:AOTMode=on", "-XX:AOTCache=" + made)) {
      pool.submit(() -> 1).get();
    }
  }

  private static ProcessPoolExecutor pool(String... options) {
    var nowhere = new StringBuilder();
    return ProcessPoolExecutor.builder()
        .maxWorkers(1)
        .jvmArgs(options)
        .outputTo(nowhere, nowhere)
        .build();
  }

  private record Point(int x, String label) implements Serializable {}

  /** Runs what workers do in most programs. */
  private static void exercise(ProcessPoolExecutor pool)
      throws InterruptedException, ExecutionException {
    int[] array = {3, 1, 2};
    var list = new ArrayList<>(List.of(3, 1, 2));
    var map = Map.of("one", List.of(1), "two", List.of(2));
    var point = new Point(1, "a");
    List.of(
            pool.submit(() -> Arrays.stream(array).sorted().toArray()),
            pool.submit(() -> {
              list.sort(null);
              return list;
            }),
            pool.submit(() -> map),
            pool.submit(() -> point.label() + point.x()),
            pool.submit(() -> System.out.println(point)))
        .forEach(StartupCacheMaker::join);
    join(pool.submit(() -> Integer.parseInt("no number")));
  }

  private static void join(java.util.concurrent.Future<? extends @Nullable Object> task) {
    try {
      var _ = task.get();
    } catch (ExecutionException _) {
      // One of them is meant to fail; if another one does, so will the next step.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes all but the newest files, and what killed makers left behind. */
  static void sweep(Path folder) throws IOException {
    var caches = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(folder, "worker-*")) {
      for (var file : files) {
        if (file.toString().endsWith(".aot")) {
          caches.add(file);
        } else if (System.currentTimeMillis() - file.toFile().lastModified() > ABANDONED_MILLIS) {
          Files.deleteIfExists(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    caches.sort(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed());
    for (var old : caches.subList(Math.min(KEPT, caches.size()), caches.size())) {
      Files.deleteIfExists(old);
    }
  }
}

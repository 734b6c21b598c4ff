package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results are of the program's own classes, and what workers cannot load is refused. */
@Timeout(180)
class ClassLoadersTest {
  @TempDir Path folder;

  /** Looks in its own files first, as containers do. */
  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(List<Path> files) {
      super(
          files.stream().map(ChildFirst::url).toArray(URL[]::new),
          ChildFirst.class.getClassLoader());
    }

    private static URL url(Path file) {
      try {
        return file.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try {
          return findClass(name);
        } catch (ClassNotFoundException _) {
          return getParent().loadClass(name);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void resultsAreOfTheTasksOwnClasses(boolean hasContextLoader, boolean onTheCommonPool)
      throws Exception {
    try (var loader = new ChildFirst(TestJars.all())) {
      var program = loader.loadClass(LoaderTasks.class.getName());
      var results = new AtomicReference<List<?>>(List.of());
      var failure = new AtomicReference<Throwable>();
      var thread =
          new Thread(() -> {
            try {
              results.set(
                  (List<?>)
                      program.getMethod("results", boolean.class).invoke(null, onTheCommonPool));
            } catch (ReflectiveOperationException e) {
              failure.set(e.getCause());
            }
          });
      thread.setContextClassLoader(hasContextLoader ? loader : null);
      thread.start();
      thread.join();
      assertThat(failure.get()).isNull();
      assertThat(results.get()).hasSize(7);
      for (var result : results.get()) {
        assertThat(result.getClass().getClassLoader()).isSameAs(loader);
      }
    }
  }

  /** What a program prints that is compiled in memory. */
  private List<String> fromSource(String tasks) throws Exception {
    var source = folder.resolve("Program.java");
    Files.writeString(
        source,
        """
        import dev.segue.futures.*;
        import dev.segue.process.*;
        import java.io.Serializable;
        import java.util.*;

        class Program {
          static final class Own implements Serializable {}
          enum Colour { RED }

          static <T> SerializableCallable<T> held(T value) {
            return ForeignTasks.returning(value);
          }

          public static void main(String[] args) throws Exception {
            try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
              %s
            } catch (TaskNotSerializableException e) {
              System.out.println(e.getMessage());
              System.out.println(e.path());
            }
          }
        }
        """
            .formatted(tasks));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(TestJars.all().stream().map(Path::toString).collect(Collectors.joining(":")));
    command.add(source.toString());
    var process = new ProcessBuilder(command);
    process.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "CLASSPATH"));
    return WorkerCommandTest.run(process);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Futures.map(pool, (Integer x) -> x + 1, List.of(1)).toList();|Chunk.",
        "pool.submit(held((SerializableCallable<Integer>) () -> 5));|captured argument 1",
        "pool.submit(held(new Own()));|captured argument 1",
        "pool.submit(held(Colour.RED));|captured argument 1",
        "pool.submit(held(new Own[0]));|captured argument 1",
        "pool.submit(held(Own.class));|captured argument 1",
        "pool.submit(held(new TreeMap<>(Map.of(1, new Own()))));|captured argument 1 of ForeignTasks.lambda → TreeMap[1]",
      })
  void whatWasCompiledInMemoryIsRefusedWhereverItIs(String task, String path) throws Exception {
    var lines = fromSource(task);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("Program")
        .contains("was compiled in memory", "javac", "it is needed for " + lines.getLast());
    assertThat(lines.getLast()).startsWith(path);
  }

  @Test
  void whatTheClassPathHasIsSentFromAProgramThatWasCompiledInMemory() throws Exception {
    assertThat(fromSource("System.out.println(pool.submit(held(List.of(5))).get());"))
        .containsExactly("[5]");
  }
}

package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/**
 * The processes, threads, files and descriptors of this JVM, to be compared with those it has
 * later. Until then its temporary folder is one of the test.
 */
final class Traces {
  private final Path temporary;
  private final String temporaryBefore = System.getProperty("java.io.tmpdir");
  private final List<Long> descendants = Processes.descendants();
  private final List<String> threads = poolThreads();
  private final List<String> descriptors;

  private Traces(Path temporary) {
    this.temporary = temporary;
    this.descriptors = Processes.openDescriptors();
    System.setProperty("java.io.tmpdir", temporary.toString());
  }

  /** Lets a pool work first, so that what the JDK opens only once is open already. */
  static Traces ofThisJvm(Path folder) throws Exception {
    Assumptions.assumeTrue(Processes.hasProc(), "needs /proc to count descriptors");
    try (var pool = WithPools.quiet(1).build()) {
      assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
    }
    return new Traces(Files.createDirectory(folder.resolve("t")));
  }

  /** Waits until there are no more processes, threads, files or descriptors than there were. */
  void assertNoMoreThan() {
    System.setProperty("java.io.tmpdir", temporaryBefore);
    try (var left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(more(Processes.descendants(), descendants)).as("processes left").isEmpty();
    // A thread is still listed for a moment after its end.
    Await.until("no thread is left", () -> more(poolThreads(), threads).isEmpty());
    Await.until(
        "no descriptor is left: " + descriptors + " are now " + Processes.openDescriptors(),
        () -> Processes.openDescriptors().size() <= descriptors.size());
  }

  private static <T> TreeSet<T> more(List<T> now, List<T> before) {
    var more = new TreeSet<>(now);
    more.removeAll(before);
    return more;
  }

  private static List<String> poolThreads() {
    return TaskBodies.threadNames().stream()
        .filter(name -> name.startsWith("pool-") || name.startsWith("segue-"))
        .sorted()
        .toList();
  }
}

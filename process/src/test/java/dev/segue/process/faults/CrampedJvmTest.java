package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.fixtures.ChildJvm;
import dev.segue.futures.WorkFuture;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs whose JVM lacks what a pool needs, a module or threads or memory: their tasks fail with
 * the reason, and their pools can be closed.
 */
@Tag("fault-injection")
@Timeout(180)
class CrampedJvmTest {
  /** Prints how some tasks end, and that the pool does. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println("begun");
      try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).build()) {
        var futures = new ArrayList<Future<?>>();
        for (int i = 0; i < 4; i++) {
          futures.add(pool.submit(() -> 5));
        }
        for (var future : futures) {
          System.out.println("ended " + end(future));
        }
      } catch (RuntimeException | Error e) {
        System.out.println("refused " + e + ", caused by " + e.getCause());
      }
      System.out.println("closed");
    }

    private static Object end(Future<?> future) throws InterruptedException {
      try {
        return future.get();
      } catch (ExecutionException e) {
        return e.getCause().toString().replace('\n', ' ');
      }
    }
  }

  @TempDir Path folder;

  private static String[] lines(String output, String word) {
    return output.lines().filter(line -> line.startsWith(word)).toArray(String[]::new);
  }

  @Test
  void aMissingModuleFailsTheTasksAndIsNamed() throws Exception {
    try (var child =
        ChildJvm.start(
            Program.class, "--limit-modules=java.base,java.management,jdk.unsupported")) {
      var output = child.output();

      assertThat(lines(output, "ended"))
          .hasSize(4)
          .allSatisfy(line -> assertThat(line).contains("WorkerLostException", "jdk/net/"));
      assertThat(output).endsWith("closed");
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere the JVM is asked for its options")
  void moreModulesThanItNeedsMayBeMissing() throws Exception {
    try (var child =
        ChildJvm.start(Program.class, "--limit-modules=java.base,jdk.net,jdk.unsupported")) {
      assertThat(lines(child.output(), "ended")).hasSize(4).containsOnly("ended 5");
    }
  }

  @Test
  void missingMemoryForBuffersEndsTheTasks() throws Exception {
    try (var child = ChildJvm.start(Program.class, "-XX:MaxDirectMemorySize=300k")) {
      var output = child.output();

      assertThat(lines(output, "ended"))
          .hasSize(4)
          .allSatisfy(line -> assertThat(line).containsPattern("5$|WorkerLost.* memory"));
      assertThat(output).endsWith("closed");
    }
  }

  /** With few threads no worker starts; with a few more, some do. */
  @ParameterizedTest
  @ValueSource(ints = {24, 28, 33, 38})
  void missingThreadsEndTheTasks(int threads) throws Exception {
    var other = otherUser(threads);
    assumeTrue(run(other, "true"), "this user cannot become another one, whose threads are few");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var classPath = classPath();
    assumeTrue(run(other, "test", "-r", classPath.split(":")[0]), "it cannot read the classes");
    try (var child =
        ChildJvm.of(Program.class)
            .before(other.toArray(String[]::new))
            .options("-Xlog:disable")
            .classPath(classPath)
            .start()) {
      var output = child.output();

      assumeTrue(output.contains("begun"), "its JVM did not start: " + output);
      if (!output.contains("refused")) {
        assertThat(lines(output, "ended"))
            .hasSize(4)
            .allSatisfy(line -> assertThat(line).containsPattern("5$|WorkerLost"));
      }
      assertThat(output).contains("closed");
    }
  }

  /** Prints how a task ends whose worker does, while nothing runs that shares its threads. */
  static final class BusyProgram {
    private static volatile boolean over;

    private BusyProgram() {}

    public static void main(String[] args) throws InterruptedException {
      var both = new CountDownLatch(2);
      Thread.startVirtualThread(() -> compute(both));
      ForkJoinPool.commonPool().execute(() -> compute(both));
      both.await();
      try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
        System.out.println("ended " + Program.end(pool.submit(() -> System.exit(3))));
        System.out.println("ended " + Program.end(pool.submit(() -> 5)));
      }
      System.out.println("closed");
      over = true;
    }

    private static void compute(CountDownLatch both) {
      both.countDown();
      while (!over) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void virtualThreadsAndAParallelStreamThatComputeDoNotDelayTheNewsOfACrash() throws Exception {
    try (var child =
        ChildJvm.start(
            BusyProgram.class,
            "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=1")) {
      assertThat(child.line("ended")).contains("exit code 3");
      assertThat(child.line("ended")).isEqualTo("5");
      assertThat(child.await("closed")).isNotEmpty();
    }
  }

  /** Puts a command under a user who has no other threads. */
  private static List<String> otherUser(int threads) {
    return List.of(
        "setpriv",
        "--reuid=61234",
        "--regid=61234",
        "--clear-groups",
        "prlimit",
        "--nproc=" + threads);
  }

  private static boolean run(List<String> before, String... command) throws InterruptedException {
    try {
      var all = Stream.concat(before.stream(), Stream.of(command)).toList();
      return new ProcessBuilder(all).start().waitFor() == 0;
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  /** Copies what the program needs to where the other user can read it. */
  private String classPath() throws IOException {
    var jars = new ArrayList<Path>();
    for (var type :
        List.of(Program.class, ProcessPoolExecutor.class, WorkFuture.class, ChildJvm.class)) {
      var jar = folder.resolve(type.getSimpleName() + ".jar");
      var from = ClassPaths.of(type);
      if (Files.isDirectory(from)) {
        int exit =
            ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "-cf", jar.toString(), "-C", from.toString(), ".");
        assertThat(exit).isZero();
      } else {
        Files.copy(from, jar);
      }
      Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
      jars.add(jar);
    }
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }
}

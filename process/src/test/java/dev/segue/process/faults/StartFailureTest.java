package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.fixtures.ChildJvm;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.WorkerLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers that cannot start or do not become ready: no task waits for ever, and the failures say
 * why.
 */
@Timeout(180)
class StartFailureTest extends WithPools {
  @TempDir Path folder;

  // The initializer.

  @Test
  void anInitializerThatThrowsFailsTheTasksAfterThreeTriesWithItsStack() throws Exception {
    var runs = folder.resolve("runs");
    var name = runs.toString();
    var pool = pool(quiet(1).initializer(() -> markAndThrow(name)));

    var first = pool.submit(() -> 5);
    var second = pool.submit(() -> 6);

    assertThat(Await.failure(first))
        .isInstanceOf(WorkerLostException.class)
        .message()
        .contains("no worker could be started", "initializer", "no database")
        .contains("StartFailureTest.markAndThrow");
    assertThat(Await.failure(second)).isInstanceOf(WorkerLostException.class);
    assertThat(TaskBodies.marks(runs)).isEqualTo(3);
  }

  private static void markAndThrow(String runs) {
    try {
      TaskBodies.mark(runs);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new IllegalStateException("no database");
  }

  @Test
  void anInitializerThatThrowsAtFirstIsForgivenWhenItSucceeds() throws Exception {
    var runs = folder.resolve("runs");
    var name = runs.toString();
    var pool = pool(quiet(1).initializer(() -> throwTwice(name)));

    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
    assertThat(TaskBodies.marks(runs)).isEqualTo(3);
  }

  private static void throwTwice(String runs) {
    try {
      if (TaskBodies.mark(runs) < 3) {
        throw new IllegalStateException("no database");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInitializerThatHangsIsEndedByTheStartTimeOut() throws Exception {
    var pool =
        pool(
            quiet(1)
                .initializer(() -> TaskBodies.spinForEver())
                .startTimeout(Duration.ofMillis(1_500)));

    assertThat(Await.failure(pool.submit(() -> 5)))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("not ready after 1.500 s");
  }

  @Test
  void anInitializerThatExitsFailsTheTasks() throws Exception {
    var pool = pool(quiet(1).initializer(() -> System.exit(5)));

    assertThat(Await.failure(pool.submit(() -> 5)))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("exit code 5");
  }

  // The classes.

  @Test
  void aClassFileThatWasCompiledAgainFailsTheTasksAndIsNamed() throws Exception {
    var classes = folder.resolve("classes");
    copy(ClassPaths.of(StartFailureTest.class), classes);
    var classPath = new ArrayList<>(ClassPaths.withoutTests());
    classPath.add(ClassPaths.of(SerializableCallable.class));
    classPath.add(ClassPaths.of(ChildJvm.class));
    classPath.add(classes);
    var pool = pool(quiet(1).classPath(classPath).maxTasksPerWorker(1));
    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);

    var changed = classes.resolve("dev/segue/process/faults/TaskBodies.class");
    Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000_000));

    Throwable failure = null;
    for (int i = 0; failure == null && i < 3; i++) { // the replacement may have started already
      failure = failure(pool.submit(() -> 5));
    }
    assertThat(failure)
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("no worker could be started")
        .hasMessageContaining(changed + " on the class path has been replaced");
  }

  private static Throwable failure(Future<?> task) throws InterruptedException {
    try {
      var _ = task.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  // The JVM.

  @Test
  void anOptionThatTheJvmDoesNotKnowFailsTheTasksAndIsNamed() throws Exception {
    var pool = pool(quiet(2).jvmArgs("-XX:NoSuchOption"));

    assertThat(Await.failure(pool.submit(() -> 5)))
        .isInstanceOfSatisfying(
            WorkerLostException.class, lost -> assertThat(lost.exitCode()).hasValue(1))
        .hasMessageContaining("no worker could be started")
        .hasMessageContaining("NoSuchOption");
  }

  @Test
  void aHeapThatTheSystemCannotGiveFailsTheTasksWithTheReason() throws Exception {
    var pool = pool(quiet(1).jvmArgs("-Xms100000g", "-Xmx100000g"));

    assertThat(Await.failure(pool.submit(() -> 5)))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("no worker could be started")
        .message()
        .containsIgnoringCase("heap");
  }

  @Test
  void aClassPathWithoutSegueIsRefusedOrFailsTheTasksWithTheReason() throws Exception {
    Throwable thrown;
    try {
      var pool = pool(quiet(1).classPath(List.of(folder)));
      thrown = Await.failure(pool.submit(() -> 5));
    } catch (IllegalStateException | RejectedExecutionException e) {
      thrown = e;
    }

    assertThat(thrown).message().containsIgnoringCase("segue");
  }

  @Test
  void tasksSubmittedAfterAFailedStartFailToo() throws Exception {
    var pool = pool(quiet(1).jvmArgs("-XX:NoSuchOption"));

    for (int i = 0; i < 3; i++) {
      assertThat(Await.failure(pool.submit(() -> 5))).isInstanceOf(WorkerLostException.class);
    }
  }

  @Test
  void aPoolWhoseWorkersCannotStartEnds() {
    var pool = pool(quiet(1).jvmArgs("-XX:NoSuchOption"));
    var future = pool.submit(() -> 5);

    pool.close();

    assertThat(future).isDone();
  }

  @Test
  void aJvmThatNeverBecomesReadyHoldsUpTheStartTimeOutAlone() throws Exception {
    var pool = pool(quiet(1).jvmArgs("-version").startTimeout(Duration.ofSeconds(5)));

    assertThat(Await.failure(pool.submit(() -> 5)))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("no worker could be started");
  }

  // The temporary folder.

  @Test
  void aTemporaryFolderThatIsGoneFailsTheTasksUntilItIsBack() throws Exception {
    var temporary = folder.resolve("temporary");
    try (var child = starving(temporary)) {
      assertThat(child.line("first")).contains("temporary folder", temporary.toString());

      Files.createDirectory(temporary);
      child.answer();

      assertThat(child.line("second")).isEqualTo("5");
    }
  }

  @Test
  void aTemporaryFolderThatCannotBeWrittenFailsTheTasks() throws Exception {
    var temporary = unwritable();
    try (var child = starving(temporary)) {
      assertThat(child.line("first")).contains("WorkerLostException", temporary.toString());
    }
  }

  /** Returns a folder in which even root cannot create files. */
  private Path unwritable() throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      var made = Path.of("/sys/kernel");
      assumeTrue(Files.isDirectory(made), "root may write everywhere");
      return made;
    }
    return Files.createDirectory(
        folder.resolve("unwritable"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
  }

  private static ChildJvm starving(Path temporary) throws IOException {
    return starving("folder").options("-Djava.io.tmpdir=" + temporary).start();
  }

  private static ChildJvm.Launch starving(String how) {
    return ChildJvm.of(StarvingProgram.class).arguments(how);
  }

  @Test
  void aTemporaryFolderThatIsFullFailsTheTasksUntilThereIsRoom() throws Exception {
    assumeTrue(mayMount(), "a small file system cannot be mounted here");
    var small = Files.createDirectory(folder.resolve("small"));
    var script = "mount -t tmpfs -o size=64k none %1$s && exec \"$@\"".formatted(small);
    try (var child =
        starving("full")
            .before("unshare", "-rm", "sh", "-c", script, "sh")
            .options("-Djava.io.tmpdir=" + small)
            .start()) {
      assertThat(child.line("first")).contains("WorkerLostException", "No space left");
      assertThat(child.line("second")).isEqualTo("5");
    }
  }

  private static boolean mayMount() {
    try {
      return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp")
              .start()
              .waitFor()
          == 0;
    } catch (IOException | InterruptedException _) {
      return false;
    }
  }

  // Descriptors.

  @Test
  void exhaustedDescriptorsFailTheTasksUntilThereAreSome() throws Exception {
    assumeTrue(Processes.hasProc());
    // The class path as jars, which are opened before the descriptors run out, since classes are
    // loaded later.
    var jars = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(":")) {
      jars.add(Files.isDirectory(Path.of(entry)) ? jarOf(Path.of(entry)) : entry);
    }
    try (var child =
        starving("descriptors")
            .before("sh", "-c", "ulimit -n 80; exec \"$@\"", "sh")
            .classPath(String.join(":", jars))
            .start()) {
      assertThat(child.line("working")).isEqualTo("5");
      assertThat(child.line("first")).contains("WorkerLostException", "Too many open files");
      assertThat(child.line("second")).isEqualTo("5");
    }
  }

  private String jarOf(Path classes) throws IOException {
    var jar = Files.createTempFile(folder, "classes", ".jar").toString();
    int exit =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(System.out, System.err, "--create", "--file", jar, "-C", classes.toString(), ".");
    assertThat(exit).isZero();
    return jar;
  }
}

package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.fixtures.ChildJvm;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkerLostException;
import java.io.IOException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads of a pool that cannot be started, or whose bodies throw an error: a task fails with the
 * reason or runs in another worker, the pool can be closed, and nothing is left behind.
 */
@Tag("fault-injection")
@Timeout(180)
class ServiceThreadsTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final String NO_THREAD = "unable to create native thread";

  /** Breaks the first threads of one kind. */
  private static final class Broken extends ServiceThreads {
    private final String kind;
    private final boolean isStarted;
    private final AtomicInteger left;

    /**
     * Breaks some threads.
     *
     * @param kind the end of their names
     * @param isStarted whether it is the body that fails, and not the start
     * @param count how many of them
     */
    Broken(String kind, boolean isStarted, int count) {
      this.kind = kind;
      this.isStarted = isStarted;
      this.left = new AtomicInteger(count);
    }

    private boolean breaks(String name) {
      return name.matches(".*-" + kind) && left.getAndDecrement() > 0;
    }

    @Override
    Thread create(String name, boolean daemon, Runnable body) {
      if (!isStarted && breaks(name)) {
        throw new OutOfMemoryError(NO_THREAD);
      }
      return super.create(name, daemon, body);
    }

    @Override
    void before(String name) {
      if (isStarted && breaks(name)) {
        throw new NoClassDefFoundError(NO_THREAD);
      }
    }
  }

  @TempDir Path folder;
  private final String temporary = System.getProperty("java.io.tmpdir");
  private Pool pool;

  @BeforeEach
  void useFolder() {
    System.setProperty("java.io.tmpdir", folder.toString());
  }

  @AfterEach
  void leavesNothing() throws Exception {
    System.setProperty("java.io.tmpdir", temporary);
    if (pool != null) {
      pool.killWorkers();
      assertThat(pool.awaitTermination(PATIENCE)).as("the pool has ended").isTrue();
    }
    try (var left = Files.list(folder)) {
      assertThat(left).as("files").isEmpty();
    }
    for (var child : ProcessHandle.current().descendants().toList()) {
      assertThat(child.onExit().get(60, TimeUnit.SECONDS)).as("processes").isNotNull();
    }
  }

  private Pool pool(ServiceThreads threads) {
    return pool(threads, null);
  }

  private Pool pool(ServiceThreads threads, Duration taskTimeout) {
    var given = new GivenSettings();
    given.taskTimeout = taskTimeout;
    given.cancelGrace = Duration.ofSeconds(2);
    given.queueTasks = 100;
    given.queueBytes = 1 << 20;
    given.output = new StringBuffer();
    given.errors = given.output;
    pool = new Pool(given.settings(), threads);
    return pool;
  }

  private <T> Future<T> submit(SerializableCallable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  private static Throwable failure(Future<?> future) {
    var thrown = catchThrowable(() -> future.get(120, TimeUnit.SECONDS));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    return thrown.getCause();
  }

  private static int printMuch() {
    for (int i = 0; i < 3000; i++) {
      System.out.println("x".repeat(99));
      System.err.println("x".repeat(99));
    }
    return 5;
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch", "exit", "stderr", "stdout"})
  void aWorkerForWhichAThreadCannotBeStartedIsAFailedStart(String kind) {
    assertFailedStart(new Broken(kind, false, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch", "exit", "stderr", "stdout"})
  void aWorkerWithAThreadThatThrowsAnErrorIsAFailedStart(String kind) {
    assertFailedStart(new Broken(kind, true, Integer.MAX_VALUE));
  }

  private void assertFailedStart(Broken threads) {
    pool(threads);

    var task = submit(ServiceThreadsTest::printMuch);

    assertThat(failure(task))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining(NO_THREAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch", "exit", "stderr", "stdout"})
  void afterOneFailedStartTheNextWorkerTakesTheTask(String kind) throws Exception {
    pool(new Broken(kind, false, 1));

    var task = submit(ServiceThreadsTest::printMuch);

    assertThat(task.get(120, TimeUnit.SECONDS)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutTheThreadThatPreparesTheCommandTasksRun(boolean isStarted) throws Exception {
    pool(new Broken("command", isStarted, 1));

    assertThat(submit(() -> 5).get(120, TimeUnit.SECONDS)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutACoordinatorThePoolRefusesTasksWithTheReason(boolean isStarted) throws Exception {
    pool(new Broken("coordinator", isStarted, 1));

    assertThat(pool.awaitTermination(PATIENCE)).isTrue();
    assertThatThrownBy(() -> submit(() -> 5))
        .isInstanceOf(RejectedExecutionException.class)
        .cause()
        .hasMessage(NO_THREAD);
  }

  /** A result that is decoded on a thread of its own. */
  private record Boxed(Object value) implements Serializable {}

  @Test
  void aResultThatNoThreadCanDecodeFailsItsTaskAlone() throws Exception {
    pool(new Broken("results-1", false, 1));

    assertThat(failure(submit(() -> new Boxed("a")))).hasMessageContaining(NO_THREAD);
    assertThat(submit(() -> new Boxed("b")).get(120, TimeUnit.SECONDS)).isEqualTo(new Boxed("b"));
  }

  // The coordinator's end.

  private static int hang() throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
    return 0;
  }

  /** Takes for ever to decode. */
  private static final class Slow implements Serializable {
    private static final long serialVersionUID = 1L;

    /** In the pool's JVM. */
    private static final CountDownLatch BEGUN = new CountDownLatch(1);

    private Object readResolve() throws InterruptedException {
      BEGUN.countDown();
      Thread.sleep(Long.MAX_VALUE);
      return this;
    }
  }

  @Test
  void whenThePoolItselfFailsEveryTaskFailsWithTheReason() throws Exception {
    pool(new ServiceThreads());
    var decoding = submit(Slow::new);
    var running = submit(ServiceThreadsTest::hang);
    var waiting = submit(() -> 5);
    Slow.BEGUN.await();
    var reason = new StackOverflowError("the reason");

    pool.broken(reason);

    assertThat(pool.awaitTermination(PATIENCE)).isTrue();
    for (var task : List.of(decoding, running, waiting)) {
      assertThat(failure(task)).hasMessageContaining("the reason").hasCause(reason);
    }
    assertThat(pool.workers()).isEmpty();
    assertThatThrownBy(() -> submit(() -> 5)).isInstanceOf(RejectedExecutionException.class);
  }

  // The files of killed pools.

  private void leaveFolder(String name) throws IOException {
    Files.createFile(Files.createDirectory(folder.resolve(name)).resolve("lock"));
  }

  @Test
  void aFolderThatAnotherPoolOfThisJvmLooksAtIsLeftToIt() throws Exception {
    leaveFolder("segue-pool-1-1");
    var lock = folder.resolve("segue-pool-1-1/lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      var _ = channel.lock(); // as a pool of another class loader does for a moment

      Rendezvous.sweep();

      assertThat(lock).exists();
    }
    Rendezvous.sweep();
  }

  @Test
  void aFolderThatCannotBeRemovedDoesNotKeepTheOthers() throws Exception {
    leaveFolder("segue-pool-1-1");
    leaveFolder("segue-pool-1-2");
    leaveFolder("segue-pool-1-3");
    var file = Files.createFile(folder.resolve("segue-pool-1-2/other"));

    Rendezvous.sweep();

    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file.getParent());
    }
    Files.delete(file);
    Files.delete(file.getParent());
  }

  @Test
  void aSweepByAnotherClassLoaderDoesNotReleaseTheLocksOfThisJvm() throws Exception {
    try (var rendezvous = Rendezvous.create()) {
      sweepByAnotherClassLoader();

      // Another process finds the lock held.
      try (var other = ChildJvm.of(Sweeper.class).options("-Djava.io.tmpdir=" + folder).start()) {
        assertThat(other.exitCode()).isZero();
      }
      assertThat(rendezvous.socket()).exists();
    }
  }

  private static void sweepByAnotherClassLoader() throws Exception {
    var urls = new URL[] {TestJars.PROCESS.toUri().toURL(), TestJars.FUTURES.toUri().toURL()};
    try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      var sweep = loader.loadClass(Rendezvous.class.getName()).getDeclaredMethod("sweep");
      sweep.setAccessible(true);
      sweep.invoke(null);
    }
  }

  /** Sweeps, in a process of its own. */
  static final class Sweeper {
    private Sweeper() {}

    public static void main(String[] args) throws IOException {
      Rendezvous.sweep();
    }
  }
}

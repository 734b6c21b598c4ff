package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Standard input of a worker is empty: what the parent tells the worker does not come there. */
@Timeout(180)
class StandardInputTest extends WithPools {
  @Test
  void aTaskReadsItsEndAtOnce() throws Exception {
    assertThat(Await.result(pool(1).submit(() -> System.in.read()))).isEqualTo(-1);
  }

  @Test
  void aChildThatInheritsItReadsItsEndAtOnce() throws Exception {
    assertThat(Await.result(pool(1).submit(() -> child("sort").waitFor()))).isZero();
  }

  @Test
  void aChildThatReadsItTakesNoInterruptAway() throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofSeconds(60)));
    long worker = Await.result(pool.submit(TaskBodies::pid));

    for (int i = 0; i < 10; i++) {
      var task =
          pool.submit(
              limited("reader", 20),
              () -> {
                child("cat");
                return TaskBodies.sleepForEver();
              });

      assertThat(Await.failure(task)).isInstanceOf(TimeoutException.class).hasNoCause();
    }
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(worker);
  }

  @Test
  void aChildInheritsNoConnection() throws Exception {
    assumeTrue(Processes.hasProc(), "only /proc tells what a process has open");

    var open = Await.result(pool(1).submit(() -> openOfChild()));

    assertThat(open).isNotEmpty().noneMatch(name -> name.startsWith("socket:"));
  }

  @Test
  void aTaskThatInterruptsItsThreadGroupDoesNotEndTheWorker() throws Exception {
    var pool = pool(1);
    long worker = Await.result(pool.submit(TaskBodies::pid));

    Await.result(pool.submit(() -> interruptGroup()));
    var interrupted = pool.submit(limited("sleeper", 20), TaskBodies::sleepForEver);

    assertThat(Await.failure(interrupted)).isInstanceOf(TimeoutException.class);
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(worker);
  }

  private static int interruptGroup() {
    Thread.currentThread().getThreadGroup().interrupt();
    return 0;
  }

  private static Process child(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectInput(Redirect.INHERIT)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /** What a child of this process has open, by what it is. */
  private static List<String> openOfChild() throws IOException {
    var child = child("sleep", "1000");
    try (var all = Files.newDirectoryStream(Path.of("/proc/" + child.pid() + "/fd"))) {
      var targets = new ArrayList<String>();
      for (var descriptor : all) {
        targets.add(Files.readSymbolicLink(descriptor).toString());
      }
      return targets;
    } catch (NoSuchFileException e) {
      throw new AssertionError("the child has ended", e);
    } finally {
      child.destroyForcibly();
    }
  }
}

package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(180)
class ProcessGroupTest {
  /** Starts a child of its own and waits, as {@link Waits} does. */
  private static Process start(Class<?> main, String... options) throws Exception {
    var given = new GivenSettings();
    given.jvmArgs = java.util.List.of(options);
    return new WorkerCommand(given.settings(), main.getName())
        .newProcess()
        .redirectError(Redirect.INHERIT)
        .start();
  }

  private static long groupOf(long pid) throws Exception {
    var ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(pid)).start();
    return Long.parseLong(
        new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
  }

  private static long readPid(Process process) throws Exception {
    return Long.parseLong(process.inputReader().readLine());
  }

  /** Whether a process exists and is not a zombie. */
  private static boolean runs(long pid) throws Exception {
    var ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(pid)).start();
    var state = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    return !state.isEmpty() && !state.startsWith("Z");
  }

  /** A worker with a child, whose pid it prints. */
  static final class Waits {
    public static void main(String[] args) throws Exception {
      System.out.println(new ProcessBuilder("sleep", "600").start().pid());
      System.in.read();
    }
  }

  /** A program that makes itself leader of its group, and prints its pid when that is done. */
  static final class Leaves {
    public static void main(String[] args) throws Exception {
      ProcessGroup.leave();
      System.out.println(ProcessHandle.current().pid());
      System.in.read();
    }
  }

  @Test
  void aWorkerLeadsAGroupOfItsOwnAndItsChildrenAreInIt() throws Exception {
    var worker = start(Waits.class);
    try {
      long child = readPid(worker);
      assertThat(groupOf(worker.pid()))
          .isEqualTo(worker.pid())
          .isEqualTo(groupOf(child))
          .isNotEqualTo(groupOf(ProcessHandle.current().pid()));
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  @Test
  void aProcessThatNobodyMadeALeaderLeavesTheGroupItself() throws Exception {
    var java = System.getProperty("java.home") + "/bin/java";
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Leaves.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    try {
      assertThat(readPid(process)).isEqualTo(groupOf(process.pid()));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aLeaderStaysWhereItIs() throws Exception {
    // Without native access it would print a warning.
    var worker = start(Leaves.class);
    try {
      assertThat(readPid(worker)).isEqualTo(groupOf(worker.pid()));
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatAKilledWorkerLeavesBehindIsKilled() throws Exception {
    var worker = start(Waits.class);
    long child = readPid(worker);
    worker.destroyForcibly().waitFor();
    assertThat(runs(child)).isTrue();
    ProcessGroup.kill(worker.pid());
    assertThat(runs(child)).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ofManyNoneIsLeftWhenThatReturns() throws Exception {
    var script = "for i in $(seq 300); do sleep 600 & echo $!; done; echo all; exec sleep 600";
    var leader = new ProcessBuilder("setsid", "sh", "-c", script).start();
    var children = leader.inputReader().lines().takeWhile(line -> !line.equals("all")).toList();
    assertThat(children).hasSize(300);
    leader.destroyForcibly().waitFor();
    ProcessGroup.kill(leader.pid());
    assertThat(children).noneMatch(ProcessGroupTest::isAlive);
  }

  private static boolean isAlive(String pid) {
    try {
      return ProcessStat.of(pid).isAlive();
    } catch (IOException _) {
      return false; // it is gone
    }
  }

  @Test
  void aGroupThatIsGoneOrHasANewLeaderIsLeftAlone() throws Exception {
    var gone = new ProcessBuilder("true").start();
    gone.waitFor();
    ProcessGroup.kill(gone.pid());
    ProcessGroup.kill(ProcessHandle.current().pid());
  }
}

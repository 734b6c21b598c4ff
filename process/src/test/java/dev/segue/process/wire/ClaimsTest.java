package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** If the worker claims a task and the parent takes it back at the same time, only one succeeds. */
@Timeout(180)
class ClaimsTest {
  private static final int ROUNDS = 1_000;

  @TempDir Path folder;

  private Claims create() throws IOException {
    return Claims.create(folder.resolve("claims"));
  }

  private Claims open() throws IOException {
    return Claims.open(folder.resolve("claims"));
  }

  @Test
  void whatIsClaimedCannotBeRevoked() throws Exception {
    var parent = create();
    var worker = open();
    parent.offer(7);
    assertThat(parent.isClaimed(7)).isFalse();
    assertThat(worker.claim(7)).isTrue();
    assertThat(parent.isClaimed(7)).isTrue();
    assertThat(parent.revoke(7)).isFalse();
    assertThat(worker.claim(7)).isFalse();
    assertThat(parent.isClaimed(7)).isTrue();
  }

  @Test
  void whatIsRevokedCannotBeClaimed() throws Exception {
    var parent = create();
    var worker = open();
    parent.offer(7);
    assertThat(parent.revoke(7)).isTrue();
    assertThat(worker.claim(7)).isFalse();
    assertThat(parent.isClaimed(7)).isFalse();
    assertThat(parent.revoke(7)).isFalse();
  }

  @Test
  void whatWasNeverOfferedCannotBeClaimedOrRevoked() throws Exception {
    var parent = create();
    var worker = open();
    parent.offer(7);
    long sameSlot = 7 + Claims.WINDOW;
    assertThat(worker.claim(sameSlot)).isFalse();
    assertThat(parent.revoke(sameSlot)).isFalse();
    assertThat(worker.claim(8)).isFalse();
    assertThat(parent.isClaimed(8)).isFalse();
    assertThat(worker.claim(7)).isTrue();
    parent.offer(sameSlot);
    assertThat(parent.isClaimed(7)).isFalse();
    assertThat(worker.claim(sameSlot)).isTrue();
  }

  @Test
  void theTimeOfTheClaimIsSeen() throws Exception {
    var parent = create();
    var worker = open();
    long before = System.nanoTime();
    parent.offer(3);
    worker.claim(3);
    assertThat(parent.claimedAt(3) - before).isBetween(0L, System.nanoTime() - before);
  }

  @Test
  @Tag("stress")
  void ofTwoThreadsOneSucceeds() throws Exception {
    var parent = create();
    var worker = open();
    var start = new CyclicBarrier(2);
    var end = new CyclicBarrier(2);
    var claimed = new boolean[Claims.WINDOW];
    var other =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                for (long round = 0; round < ROUNDS; round++) {
                  start.await();
                  claim(worker, round, claimed);
                  end.await();
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    int contended = 0;
    for (long round = 0; round < ROUNDS; round++) {
      offer(parent, round);
      start.await();
      var revoked = revoke(parent, round);
      end.await();
      contended += checked(round, claimed, revoked, parent);
    }
    other.join();
    assertThat(contended).as("rounds in which both took some").isPositive();
  }

  @Test
  @Tag("stress")
  void ofTwoProcessesOneSucceeds() throws Exception {
    var parent = create();
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Racer.class.getName(),
                folder.resolve("claims").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var in = new DataInputStream(process.getInputStream())) {
      var reply = new byte[Claims.WINDOW];
      int contended = 0;
      var claimed = new boolean[Claims.WINDOW];
      for (long round = 0; round < ROUNDS; round++) {
        offer(parent, round);
        var revoked = revoke(parent, round);
        in.readFully(reply);
        for (int i = 0; i < Claims.WINDOW; i++) {
          claimed[i] = reply[i] != 0;
        }
        contended += checked(round, claimed, revoked, parent);
      }
      assertThat(contended).as("rounds in which both took some").isPositive();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The other process: claims round after round, each as soon as its first task is on offer. */
  static final class Racer {
    public static void main(String[] args) throws IOException {
      var worker = Claims.open(Path.of(args[0]));
      var claimed = new boolean[Claims.WINDOW];
      var reply = new byte[Claims.WINDOW];
      for (long round = 0; round < ROUNDS; round++) {
        while (!worker.claim(round * Claims.WINDOW)) {
          Thread.yield();
        }
        claim(worker, round, claimed);
        claimed[0] = true;
        for (int i = 0; i < Claims.WINDOW; i++) {
          reply[i] = (byte) (claimed[i] ? 1 : 0);
        }
        System.out.write(reply, 0, reply.length);
        System.out.flush();
      }
    }
  }

  /** The first one last: with it the race begins. */
  private static void offer(Claims parent, long round) {
    for (int i = Claims.WINDOW - 1; i >= 0; i--) {
      parent.offer(round * Claims.WINDOW + i);
    }
  }

  /** As a worker does: the oldest first. */
  private static void claim(Claims worker, long round, boolean[] claimed) {
    for (int i = 0; i < Claims.WINDOW; i++) {
      claimed[i] = worker.claim(round * Claims.WINDOW + i);
    }
  }

  /** From the last one on, so that they meet in the middle; the first one is the worker's. */
  private static boolean[] revoke(Claims parent, long round) {
    var revoked = new boolean[Claims.WINDOW];
    for (int i = Claims.WINDOW - 1; i > 0; i--) {
      revoked[i] = parent.revoke(round * Claims.WINDOW + i);
    }
    return revoked;
  }

  /** Returns 1 if both have taken some. */
  private static int checked(long round, boolean[] claimed, boolean[] revoked, Claims parent) {
    int claims = 0;
    for (int i = 0; i < Claims.WINDOW; i++) {
      assertThat(List.of(claimed[i], revoked[i])).as("task %d", i).containsOnlyOnce(true);
      assertThat(parent.isClaimed(round * Claims.WINDOW + i)).isEqualTo(claimed[i]);
      claims += claimed[i] ? 1 : 0;
    }
    return claims > 0 && claims < Claims.WINDOW ? 1 : 0;
  }
}

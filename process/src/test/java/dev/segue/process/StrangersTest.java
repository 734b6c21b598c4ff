package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Other connections to a worker's socket, which come before the worker's own because the worker is
 * delayed: they are dropped, and the worker can connect afterwards.
 */
@Tag("fault-injection")
@Timeout(180)
class StrangersTest {
  private final String temporary = System.getProperty("java.io.tmpdir");
  private Path folder;
  private Path pause;
  private ProcessPoolExecutor pool;
  private Future<String> work;

  @BeforeEach
  void open() throws Exception {
    folder =
        Files.createTempDirectory("strangers"); // shorter than JUnit's: a socket's path is short
    pause = folder.resolve("pause");
    System.setProperty("java.io.tmpdir", folder.toString());
    pool =
        ProcessPoolExecutor.builder()
            .maxWorkers(1)
            .jvmArgs(
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+PauseAtStartup",
                "-XX:PauseAtStartupFile=" + pause)
            .build();
    work = pool.submit(() -> "done");
    while (!Files.exists(pause) || !isListening()) {
      Thread.sleep(5);
    }
  }

  private boolean isListening() {
    try {
      connect().close();
      return true;
    } catch (IOException | NoSuchElementException _) {
      return false;
    }
  }

  @AfterEach
  void close() throws IOException {
    Files.deleteIfExists(pause);
    pool.shutdownNow();
    pool.close();
    System.setProperty("java.io.tmpdir", temporary);
    try (var left = Files.list(folder)) {
      assertThat(left).as("left behind").isEmpty();
    }
    Files.delete(folder);
  }

  private SocketChannel connect() throws IOException {
    try (var folders = Files.newDirectoryStream(folder, "segue-pool-*")) {
      var socket = folders.iterator().next().resolve("socket");
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    }
  }

  /** Returns once the other side has closed the connection. */
  private static void awaitDropped(SocketChannel stranger) {
    try {
      assertThat(stranger.read(ByteBuffer.allocate(1))).as("a pool says nothing").isNegative();
    } catch (IOException _) {
      // Reset: what the stranger sent was not even read.
    }
  }

  private void letTheWorkerIn() throws Exception {
    Files.delete(pause);
    assertThat(work.get(120, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(pool.workers()).hasSize(1);
    assertThat(pool.workers().getFirst().name())
        .endsWith("-worker-1"); // no second worker was needed
  }

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void oneThatSendsGarbageIsDropped() throws Exception {
    try (var stranger = connect()) {
      var garbage = new byte[10_000];
      new Random(1).nextBytes(garbage);
      garbage[3] = 1; // a length that is not even negative
      stranger.write(ByteBuffer.wrap(garbage));
      awaitDropped(stranger);
    }
    letTheWorkerIn();
  }

  @Test
  void oneThatPromisesAHugeFrameIsDroppedAtOnce() throws Exception {
    for (int length : new int[] {34, 1 << 30, Integer.MAX_VALUE, -1, 0}) {
      try (var stranger = connect()) {
        stranger.write(bytes(4).putInt(length).flip());
        awaitDropped(stranger);
      }
    }
    letTheWorkerIn();
  }

  @Test
  void oneThatDoesNotKnowTheSecretIsDropped() throws Exception {
    for (int length : new int[] {0, 1, WorkerConfiguration.SECRET_BYTES}) {
      try (var stranger = connect()) {
        var hello = bytes(5 + length).putInt(1 + length).put(FrameType.HELLO.code());
        stranger.write(hello.rewind());
        awaitDropped(stranger);
      }
    }
    letTheWorkerIn();
  }

  @Test
  void oneThatSaysSomethingElseIsDropped() throws Exception {
    for (var type : FrameType.values()) {
      try (var stranger = connect()) {
        stranger.write(bytes(5).putInt(1).put(type.code()).flip());
        awaitDropped(stranger);
      }
    }
    letTheWorkerIn();
  }

  @Test
  void oneThatGoesIsForgotten() throws Exception {
    for (int i = 0; i < 50; i++) {
      connect().close();
    }
    letTheWorkerIn();
  }

  @Test
  void oneThatSaysNothingDoesNotKeepTheWorkerOutAndIsDroppedThen() throws Exception {
    try (var stranger = connect()) {
      letTheWorkerIn();
      awaitDropped(stranger);
    }
  }

  @Test
  void oneThatSaysNothingIsDroppedInTimeWithoutTheWorkerToo() throws Exception {
    long begin = System.nanoTime(); // before they are accepted, which begins their time
    try (var silent = connect();
        var slow = connect()) {
      slow.write(bytes(2));
      awaitDropped(silent);
      awaitDropped(slow);
      assertThat(System.nanoTime() - begin)
          .isBetween(ExpectedWorker.PATIENCE_NANOS * 9 / 10, ExpectedWorker.PATIENCE_NANOS * 5);
    }
    letTheWorkerIn();
  }

  @Test
  void manyThatSayNothingDoNotKeepTheWorkerOut() throws Exception {
    List<SocketChannel> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 30; i++) {
        strangers.add(connect());
      }
      letTheWorkerIn();
      strangers.forEach(StrangersTest::awaitDropped);
    } finally {
      for (var stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void onceTheWorkerIsInThereIsNothingToConnectTo() throws Exception {
    letTheWorkerIn();
    try (var folders = Files.newDirectoryStream(folder, "segue-pool-*")) {
      assertThat(folders).isEmpty();
    }
  }
}

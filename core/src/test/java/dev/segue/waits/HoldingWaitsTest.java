package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Stall;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * JDK calls that hold the loop, for which there is {@link Async#toThread}: here, reads of a pipe.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HoldingWaitsTest {
  @TempDir private Path folder;
  private Path pipe;
  private RandomAccessFile writer;

  @BeforeEach
  void makePipe() throws IOException, InterruptedException {
    pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    writer = new RandomAccessFile(pipe.toFile(), "rw"); // opening it only to write would wait
  }

  @AfterEach
  void close() throws IOException {
    writer.close();
  }

  private int read() throws IOException {
    try (var in = new FileInputStream(pipe.toFile())) {
      return in.read();
    }
  }

  private int readChannel() throws IOException {
    try (var channel = FileChannel.open(pipe)) {
      return channel.read(ByteBuffer.allocate(1));
    }
  }

  @Test
  void aReadOfAPipeHoldsTheLoop() throws Exception {
    try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
      var reading = loop.submit(this::read);
      var other = loop.submit(() -> "ran");
      Thread.sleep(100);
      assertThat(other.isDone()).isFalse();
      writer.write(7);
      assertThat(reading.get()).isEqualTo(7);
      assertThat(other.get()).isEqualTo("ran");
    }
  }

  @Test
  void onAThreadItDoesNot() throws Exception {
    Async.run(() ->
        assertThat(Ticking.until(() -> writer.write(7), () -> Async.toThread(this::read)))
            .isEqualTo(7));
  }

  @Test
  void theWatchdogReportsIt() throws Exception {
    var stalls = new CompletableFuture<Stall>();
    try (var loop =
        EventLoop.builder()
            .stallThreshold(Duration.ofMillis(20))
            .stallHandler(stalls::complete)
            .start()) {
      var reading = loop.submit(this::read);
      assertThat(stalls.get().cause()).isEqualTo(Stall.Cause.NATIVE_CALL);
      writer.write(7);
      reading.get();
    }
  }

  /** Nothing ends such a read but what it waits for; the cancel finds the task at its next wait. */
  @Test
  void aCancelDoesNotEndIt() throws Exception {
    try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
      var begun = new CountDownLatch(1);
      var reading =
          loop.submit(() -> {
            begun.countDown();
            read();
            Async.checkpoint();
          });
      begun.await();
      reading.cancel();
      Thread.sleep(100);
      assertThat(reading.isDone()).isFalse();
      writer.write(7);
      assertThat(Async.run(reading::outcome)).isInstanceOf(Outcome.Cancellation.class);
    }
  }

  @Test
  void aCancelOnAThreadWaitsForItAndKeepsItsValue() throws Exception {
    Async.run(() -> {
      var reading = Async.createTask(() -> Async.toThread(this::read));
      Ticking.tick();
      reading.cancel();
      Ticking.tick();
      assertThat(reading.isDone()).isFalse();
      writer.write(7);
      assertThat(reading.outcome()).isEqualTo(new Outcome.Success<>(7));
    });
  }

  /** The JDK signals a platform thread out of a channel's read; a virtual thread it cannot. */
  @Test
  void aCancelOnAThreadEndsTheReadOfAChannel() throws Exception {
    Async.run(() -> {
      var reading = Async.createTask(() -> Async.toThread(this::readChannel));
      Ticking.tick();
      reading.cancel();
      assertThat(reading.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  /** There the interrupt itself blocks until the read has ended. */
  @Test
  void aCancelOfAChannelsReadThatHoldsItsLoopHoldsNoOtherLoopsWatchdog() throws Exception {
    var stalled = new CountDownLatch(1);
    try (var held = EventLoop.builder().stallThreshold(Duration.ZERO).start();
        var other =
            EventLoop.builder()
                .stallThreshold(Duration.ofMillis(20))
                .stallHandler(_ -> stalled.countDown())
                .start()) {
      var begun = new CountDownLatch(1);
      var reading =
          held.submit(() -> {
            begun.countDown();
            return readChannel();
          });
      begun.await();
      reading.cancel();
      Thread.sleep(200); // until the watchdog has seen it, and interrupted it
      var spinning =
          other.submit(() -> {
            long end = System.nanoTime() + 30_000_000_000L;
            while (stalled.getCount() > 0 && System.nanoTime() < end) {
              Thread.onSpinWait();
            }
          });
      spinning.get();
      writer.write(7);
    }
    assertThat(stalled.getCount()).as("stalls not reported").isZero();
  }
}

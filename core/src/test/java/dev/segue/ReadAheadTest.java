package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Async#readAhead}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadAheadTest {
  private static final int CAPACITY = 1 << 16;

  /** A stream whose reads wait for what the test feeds; an empty array is its end. */
  private static class Fed extends InputStream {
    final BlockingQueue<byte[]> fed = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);
    final CompletableFuture<Thread> reader = new CompletableFuture<>();
    private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);
    volatile long taken;

    void feed(String text) {
      fed.add(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int read() {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      reader.complete(Thread.currentThread());
      try {
        if (current.available() == 0) {
          var next = fed.take();
          if (next.length == 0) {
            fed.add(next);
            return -1;
          }
          current = new ByteArrayInputStream(next);
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      int count = current.read(into, offset, length);
      taken += count;
      return count;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private final Fed source = new Fed();

  private static String text(InputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
  }

  @Test
  void whatComesIsReadAndThenTheEnd() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      source.feed("tea and ");
      source.feed("coffee");
      source.feed("");
      assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("tea and coffee");
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(new byte[10])).isEqualTo(-1);
      assertThat(in.read(new byte[0])).isEqualTo(0);
    });
  }

  @Test
  void aByteMayBeNegative() throws Exception {
    Async.run(() -> {
      source.fed.add(new byte[] {-1, -128, 127});
      var in = Async.readAhead(source);
      assertThat(in.read()).isEqualTo(255);
      assertThat(in.read()).isEqualTo(128);
      assertThat(in.available()).isEqualTo(1);
      assertThat(in.read()).isEqualTo(127);
    });
  }

  @Test
  void whileOneTaskWaitsForInputTheOthersRun() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      var reading = Async.createTask(() -> text(in, 3));
      var feeding =
          Async.createTask(() -> {
            for (String letter : new String[] {"t", "e", "a"}) {
              Async.checkpoint();
              source.feed(letter);
            }
          });
      assertThat(reading.await()).isEqualTo("tea");
      assertThat(feeding.isDone()).isTrue();
    });
  }

  @Test
  void aCancelEndsTheReadAtOnceAndLosesNothing() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      var reading = Async.createTask(() -> text(in, 3));
      while (!reading.toString().contains("waiting for input")) {
        Async.checkpoint();
      }
      reading.cancel();
      assertThat(reading.outcome()).isInstanceOf(Outcome.Cancellation.class);
      source.feed("tea");
      assertThat(text(in, 3)).isEqualTo("tea");
    });
  }

  @Test
  void aCancelledTaskReadsNothingOfWhatHasCome() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      source.feed("tea");
      assertThat(in.read()).isEqualTo('t');
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel();
            return in.read();
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(text(in, 2)).isEqualTo("ea");
    });
  }

  @Test
  void aFailureComesAfterWhatWasReadBefore() throws Exception {
    var failure = new IOException("connection reset");
    var broken =
        new Fed() {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            if (taken > 0) {
              throw failure;
            }
            return super.read(into, offset, length);
          }
        };
    broken.feed("tea");
    Async.run(() -> {
      var in = Async.readAhead(broken);
      assertThat(text(in, 3)).isEqualTo("tea");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(in::read)
            .isInstanceOf(IOException.class)
            .hasMessage("reading ahead failed: java.io.IOException: connection reset")
            .hasCause(failure);
      }
    });
  }

  @Test
  void anErrorOnTheThreadReachesTheReader() throws Exception {
    var error = new OutOfMemoryError("thrown by a test");
    var broken =
        new Fed() {
          @Override
          public int read(byte[] into, int offset, int length) {
            throw error;
          }
        };
    Async.run(() ->
        assertThatThrownBy(() -> Async.readAhead(broken).read())
            .isInstanceOf(IOException.class)
            .hasCause(error));
  }

  @Test
  void closingWakesAReadThatWaitsAndClosesTheStream() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      var reading = Async.createTask(() -> in.read());
      while (!reading.toString().contains("waiting for input")) {
        Async.checkpoint();
      }
      in.close();
      assertThatThrownBy(reading::await)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("the stream is closed");
      assertThatThrownBy(in::available).hasMessage("the stream is closed");
      assertThat(source.closed.getCount()).isZero();
    });
  }

  @Test
  void itReadsAheadAsMuchAsTheRingHoldsAndClosingEndsTheThread() throws Exception {
    var thread = new Thread[1];
    Async.run(() -> {
      source.fed.add(new byte[3 * CAPACITY]);
      var in = Async.readAhead(source);
      assertThat(source.reader.isDone()).isFalse(); // nothing before the first read
      assertThat(in.read()).isZero();
      thread[0] = source.reader.join();
      while (source.taken <= CAPACITY || thread[0].getState() != Thread.State.WAITING) {
        Async.checkpoint();
      }
      assertThat(source.taken).isEqualTo(CAPACITY + 1);
      in.close();
    });
    thread[0].join();
    assertThat(thread[0].isDaemon()).isTrue();
  }

  @Test
  void aSecondTaskThatReadsIsRefused() throws Exception {
    Async.run(() -> {
      var in = Async.readAhead(source);
      var first = Async.createTask("first", () -> in.read());
      var second = Async.createTask("second", () -> in.read());
      assertThatThrownBy(second::await)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("task 'second' cannot read what task 'first' of loop");
      source.feed("t");
      assertThat(first.await()).isEqualTo('t');
    });
  }

  @Test
  void aReadOutsideATaskIsRefused() {
    assertThatThrownBy(() -> Async.readAhead(source).read())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("reading from Async.readAhead must be called inside a task");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> Async.readAhead(null)).hasMessage("in must not be null");
  }

  @Test
  void nothingIsLostOrMixedUpWhateverTheSizesAndCancels() throws Exception {
    var sent = new byte[20 * CAPACITY];
    new Random(1).nextBytes(sent);
    var feeder =
        Thread.ofPlatform()
            .start(() -> {
              var sizes = new Random(2);
              for (int at = 0; at < sent.length; ) {
                int size = Math.min(1 + sizes.nextInt(CAPACITY / 4), sent.length - at);
                source.fed.add(Arrays.copyOfRange(sent, at, at + size));
                at += size;
              }
              source.feed("");
            });
    var received = new ByteArrayOutputStream();
    Async.run(() -> {
      var sizes = new Random(3);
      var in = Async.readAhead(source);
      for (int count = 0; count >= 0; ) {
        var scope = CancelScope.create();
        var canceller = Async.createTask(() -> scope.cancel("now and then"));
        var buffer = new byte[1 + sizes.nextInt(CAPACITY)];
        var read = new int[1];
        if (scope.run(() -> read[0] = in.read(buffer))) {
          count = read[0];
          received.write(buffer, 0, Math.max(0, count));
        }
        canceller.await();
      }
    });
    feeder.join();
    assertThat(received.toByteArray()).isEqualTo(sent);
  }

  @Test
  void theOutputOfAProcessIsReadWhileItsInputIsWritten() throws Exception {
    Async.run(() -> {
      var process = new ProcessBuilder("cat").start();
      try (var in = Async.readAhead(process.getInputStream());
          var out = process.outputWriter()) {
        for (int i = 0; i < 3; i++) {
          out.write("line " + i + "\n");
          out.flush();
          assertThat(text(in, 7)).isEqualTo("line " + i + "\n");
        }
      } finally {
        process.destroy();
      }
    });
  }
}

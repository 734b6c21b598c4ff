package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoder;
import dev.segue.process.wire.Claims;
import dev.segue.process.wire.Frame;
import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.Receiver;
import dev.segue.process.wire.Sender;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker's task loop, without the process around it. */
@Timeout(180)
class TaskRunnerTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Decoder decoder = new Decoder(getClass().getClassLoader(), null);
  private final Dictionary parentsDictionary = new Dictionary();
  private final Sender parent = new Sender(parentsDictionary);
  private Claims claims;
  private TaskRunner runner;

  private void open() throws IOException {
    claims = Claims.create(folder.resolve("claims"));
    var dictionary = new Dictionary();
    runner =
        new TaskRunner(
            claims,
            new Encoder(dictionary),
            decoder,
            new Sender(dictionary),
            Channels.newChannel(sent));
  }

  private void run(long number, SerializableCallable<?> task) throws Exception {
    parent.task(number, true, new Encoder(parentsDictionary).encode(task));
    var bytes = new ByteArrayOutputStream();
    parent.flush(Channels.newChannel(bytes));
    for (var frame : frames(bytes, decoder)) {
      runner.run(frame);
    }
  }

  private static List<Frame> frames(ByteArrayOutputStream bytes, Decoder decoder)
      throws IOException {
    var in = new Receiver(new FrameReader(), decoder);
    in.fill(Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())));
    var frames = new ArrayList<Frame>();
    for (var frame = in.next(); frame != null; frame = in.next()) {
      frames.add(frame);
    }
    return frames;
  }

  /** The worker's replies: the type, the task's number, and the value of a result. */
  private List<Object> replies() throws Exception {
    var replies = new ArrayList<Object>();
    var parentsDecoder = new Decoder(getClass().getClassLoader(), null);
    for (var frame : frames(sent, parentsDecoder)) {
      replies.add(frame.type());
      replies.add(frame.body().getLong());
      if (frame.type() == FrameType.RESULT) {
        replies.add(parentsDecoder.decode(frame.body(), frame.arrays()));
      }
    }
    return replies;
  }

  @Test
  void aTaskOnOfferIsRunAndItsResultSent() throws Exception {
    open();
    claims.offer(0);
    run(0, () -> "value");
    assertThat(claims.isClaimed(0)).isTrue();
    assertThat(replies()).containsExactly(FrameType.RESULT, 0L, "value");
  }

  @Test
  void aTaskTakenBackIsSkipped() throws Exception {
    open();
    claims.offer(0);
    assertThat(claims.revoke(0)).isTrue();
    run(0, () -> "value");
    assertThat(replies()).containsExactly(FrameType.SKIPPED, 0L);
  }

  @Test
  void anInterruptReachesTheTaskThatItIsFor() throws Exception {
    open();
    claims.offer(0);
    Interrupter.of = runner;
    run(
        0,
        () -> {
          Interrupter.of.interrupt(0);
          return Thread.currentThread().isInterrupted();
        });
    claims.offer(1);
    run(1, () -> Thread.currentThread().isInterrupted());
    assertThat(replies()).containsExactly(FrameType.RESULT, 0L, true, FrameType.RESULT, 1L, false);
  }

  @Test
  void anInterruptForATaskThatIsOverReachesNoOther() throws Exception {
    open();
    for (long number = 0; number < 2; number++) {
      claims.offer(number);
    }
    run(0, () -> 1);
    runner.interrupt(0);
    run(1, () -> Thread.currentThread().isInterrupted());
    assertThat(replies()).containsExactly(FrameType.RESULT, 0L, 1, FrameType.RESULT, 1L, false);
    assertThat(Thread.interrupted()).isFalse();
  }

  /** The parent sends it as soon as it sees the claim: it may come before the task has started. */
  @Test
  void anInterruptBetweenTheClaimAndTheBeginIsNotLost() throws Exception {
    open();
    claims.offer(0);
    runner.interrupt(0);
    run(0, () -> Thread.currentThread().isInterrupted());
    assertThat(replies()).containsExactly(FrameType.RESULT, 0L, true);
  }

  /** What a task of this test can reach. */
  private static final class Interrupter {
    static TaskRunner of;
  }
}

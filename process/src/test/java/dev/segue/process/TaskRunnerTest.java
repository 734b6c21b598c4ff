package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker's task loop, without the process around it. */
@Timeout(60)
class TaskRunnerTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Dictionary dictionary = new Dictionary();
  private Claims claims;
  private TaskRunner runner;

  private void open() throws IOException {
    claims = Claims.create(folder.resolve("claims"));
    runner = new TaskRunner(Channels.newChannel(sent), claims);
  }

  private void run(long number, SerializableCallable<?> task) throws Exception {
    var encoded = new Encoder(dictionary).encode(task);
    for (int entry : encoded.definitions()) {
      var definition = dictionary.definition(entry);
      runner.define(little(Integer.BYTES + definition.length).putInt(entry).put(definition).flip());
    }
    runner.run(
        little(Long.BYTES + 1 + encoded.length())
            .putLong(number)
            .put((byte) 1)
            .put(encoded.bytes(), 0, encoded.length())
            .flip());
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What the worker replied: the type and the task's number, and of a result the value. */
  private List<Object> replies() throws Exception {
    var replies = new ArrayList<Object>();
    var decoder = new Decoder(getClass().getClassLoader(), null);
    var in = new FrameReader(FrameReader.LONGEST);
    in.fill(Channels.newChannel(new ByteArrayInputStream(sent.toByteArray())));
    for (var frame = in.next(); frame != null; frame = in.next()) {
      var body = frame.body();
      if (frame.type() == FrameType.DEFINITION) {
        int number = body.getInt();
        var definition = new byte[body.remaining()];
        body.get(definition);
        decoder.define(number, definition);
        continue;
      }
      replies.add(frame.type());
      replies.add(body.getLong());
      if (frame.type() == FrameType.RESULT) {
        replies.add(decoder.decode(body));
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

  /** The parent sends it as soon as it sees the claim: it may come before the task has begun. */
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

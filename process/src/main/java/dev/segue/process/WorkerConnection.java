package dev.segue.process;

import dev.segue.process.codec.Decoder;
import dev.segue.process.wire.Frame;
import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.ProtocolException;
import dev.segue.process.wire.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In the parent: the connection to a worker, of which it reads what the worker sends. Confined to
 * the coordinator, except for the decoder, which is safe for use by several threads.
 */
final class WorkerConnection {
  private final Pool pool;
  private final WorkerProcess worker;
  private final SocketChannel channel;
  private final Receiver in;
  private final Decoder decoder;

  /**
   * Makes the connection of a worker that has sent its secret.
   *
   * @param in what has arrived after the greeting
   */
  WorkerConnection(
      Pool pool, WorkerProcess worker, SocketChannel channel, FrameReader in, Decoder decoder) {
    this.pool = pool;
    this.worker = worker;
    this.channel = channel;
    this.in = new Receiver(in, decoder);
    this.decoder = decoder;
  }

  WorkerProcess worker() {
    return worker;
  }

  /** Reads what has arrived, once, and has the pool handle it. */
  void read() {
    try {
      int count = in.fill(channel);
      handle();
      if (count < 0) {
        close(null);
      }
    } catch (ProtocolException | OutOfMemoryError e) {
      close(e);
    } catch (IOException _) {
      close(null);
    }
  }

  private void handle() throws IOException {
    List<Reply> replies = new ArrayList<>();
    for (var frame = in.next(); frame != null; frame = in.next()) {
      var body = frame.body();
      switch (frame.type()) {
        case READY -> pool.ready(worker);
        case START_FAILED ->
            pool.startFailed(worker, StandardCharsets.UTF_8.decode(body).toString());
        case RESULT, FAILURE, SKIPPED -> replies.add(reply(frame));
        default -> throw new ProtocolException("unexpected frame from a worker: " + frame.type());
      }
    }
    if (!replies.isEmpty()) {
      pool.replied(worker, replies);
    }
  }

  private Reply reply(Frame frame) throws IOException {
    var body = frame.body();
    if (body.remaining() < Long.BYTES) {
      throw new ProtocolException("reply without a task number");
    }
    long number = body.getLong();
    return switch (frame.type()) {
      case RESULT ->
          Decoder.isPlain(body)
              ? new Reply.Value(number, plain(frame))
              : new Reply.Result(number, copy(body), frame.arrays(), decoder);
      case FAILURE -> new Reply.Failure(number, copy(body), frame.arrays(), decoder);
      default -> new Reply.Skipped(number);
    };
  }

  private @Nullable Object plain(Frame frame) throws IOException {
    try {
      return decoder.decode(frame.body(), frame.arrays());
    } catch (ClassNotFoundException e) {
      throw new ProtocolException("plain value that names a class: " + e.getMessage());
    }
  }

  private static ByteBuffer copy(ByteBuffer body) {
    var copy = new byte[body.remaining()];
    body.get(copy);
    return ByteBuffer.wrap(copy);
  }

  /**
   * Reports the end of the connection to the pool, and frees its memory.
   *
   * @param violation what the worker did wrong; null if nothing
   */
  private void close(@Nullable Throwable violation) {
    pool.disconnected(worker, violation);
    in.close();
    try {
      channel.close();
    } catch (IOException _) {
      // It is not used again.
    }
  }
}

package dev.segue.process;

import dev.segue.process.codec.Decoder;
import dev.segue.process.wire.Frame;
import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.ProtocolException;
import dev.segue.process.wire.Receiver;
import dev.segue.process.wire.Sender;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** In a worker: the connection to the parent. Confined to the worker's main thread. */
final class ParentConnection {
  private static final int CANNOT_START = 70;

  private final SocketChannel channel;
  private final Receiver in;
  private final Sender out;
  private final TaskRunner runner;

  ParentConnection(SocketChannel channel, Decoder decoder, Sender out, TaskRunner runner) {
    this.channel = channel;
    this.in = new Receiver(new FrameReader(), decoder);
    this.out = out;
    this.runner = runner;
  }

  /**
   * Sends the greeting, and then runs what the parent sends, until the parent closes the
   * connection.
   */
  void run(WorkerConfiguration configuration) throws IOException {
    var difference = WorkerCommand.differenceFrom(configuration.classPath());
    out.hello(configuration.secret());
    if (difference != null) {
      refuse(difference);
    }
    if (!configuration.hasInitializer()) {
      out.ready();
    }
    out.flush(channel);
    while (in.fill(channel) >= 0) {
      for (var frame = in.next(); frame != null; frame = in.next()) {
        switch (frame.type()) {
          case TASK -> runner.run(frame);
          case INITIALIZER -> initialize(frame);
          default ->
              throw new ProtocolException("unexpected frame from the parent: " + frame.type());
        }
      }
    }
  }

  private void initialize(Frame frame) throws IOException {
    var thrown = runner.initialize(frame);
    if (thrown != null) {
      thrown.printStackTrace();
      refuse("its initializer threw " + thrown);
    }
    out.ready();
    out.flush(channel);
  }

  /** Tells the parent why no task can run here, and halts. */
  private void refuse(String why) throws IOException {
    out.startFailed(why);
    out.flush(channel);
    System.err.flush();
    Runtime.getRuntime().halt(CANNOT_START);
  }
}

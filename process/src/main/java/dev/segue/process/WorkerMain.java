package dev.segue.process;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program that a worker runs. */
final class WorkerMain {
  private static final int CANNOT_START = 70;
  private static final int DISCONNECTED = 76;

  private WorkerMain() {}

  public static void main(String[] args) throws IOException {
    var parent =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    var configuration = WorkerConfiguration.read(parent);
    System.setIn(InputStream.nullInputStream());
    var claims = Claims.open(Path.of(configuration.claims()));
    var address = UnixDomainSocketAddress.of(configuration.socket());
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, FrameWriter.SOCKET_BUFFER);
    channel.connect(address);
    var runner = new TaskRunner(channel, claims);
    var control = new WorkerControl(parent, channel, runner);
    control.start();
    if (configuration.leavesGroup()) {
      Thread.ofPlatform().daemon().start(ProcessGroup::leave); // it takes a while
    }
    try {
      new Connection(channel, runner).run(configuration);
    } catch (Throwable t) {
      Log.error("this worker is of no more use", t);
    } finally {
      if (!control.isExiting()) {
        WorkerControl.end(DISCONNECTED);
      }
    }
  }

  /** What goes over the socket. */
  private record Connection(SocketChannel channel, TaskRunner runner) {
    void run(WorkerConfiguration configuration) throws IOException {
      var difference = WorkerCommand.differenceFrom(configuration.classPath());
      send(FrameType.HELLO, configuration.secret());
      if (difference != null) {
        refuse(difference);
      }
      if (!configuration.hasInitializer()) {
        send(FrameType.READY, new byte[0]);
      }
      var in = new FrameReader(FrameReader.LONGEST);
      while (in.fill(channel) >= 0) {
        for (var frame = in.next(); frame != null; frame = in.next()) {
          switch (frame.type()) {
            case DEFINITION -> runner.define(frame.body());
            case TASK -> runner.run(frame.body());
            case INITIALIZER -> initialize(frame);
            default -> throw new ProtocolException("a worker is sent no " + frame.type());
          }
        }
      }
    }

    private void initialize(Frame frame) throws IOException {
      var thrown = runner.initialize(frame.body());
      if (thrown != null) {
        thrown.printStackTrace();
        refuse("its initializer threw " + thrown);
      }
      send(FrameType.READY, new byte[0]);
    }

    private void refuse(String why) throws IOException {
      send(FrameType.START_FAILED, why.getBytes(StandardCharsets.UTF_8));
      System.err.flush();
      Runtime.getRuntime().halt(CANNOT_START);
    }

    private void send(FrameType type, byte[] body) throws IOException {
      var out = new FrameWriter();
      out.add(type, body, body.length);
      out.flush(channel);
    }
  }
}

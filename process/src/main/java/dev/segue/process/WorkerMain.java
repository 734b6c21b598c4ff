package dev.segue.process;

import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoder;
import dev.segue.process.wire.Claims;
import dev.segue.process.wire.Sender;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The main program of a worker. */
final class WorkerMain {
  private static final int DISCONNECTED = 76;

  private WorkerMain() {}

  public static void main(String[] args) throws Exception {
    // Meanwhile, because the JDK's part in it takes as long as the rest.
    // No lambda, because the first one in a JVM takes 10 ms.
    var opening =
        new FutureTask<>(
            new Callable<SocketChannel>() {
              @Override
              public SocketChannel call() throws IOException {
                return SocketChannel.open(StandardProtocolFamily.UNIX);
              }
            });
    Thread.ofPlatform().daemon().name("segue-worker-open").start(opening);
    var configuration =
        WorkerConfiguration.read(
            new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in))));
    var claims = Claims.open(Path.of(configuration.claims()));
    var dictionary = new Dictionary();
    var encoder = Encoder.forSendingAtOnce(dictionary);
    var decoder = Decoder.atStart(ClassLoader.getSystemClassLoader());
    var out = new Sender(dictionary);
    var channel = opening.get();
    channel.setOption(StandardSocketOptions.SO_SNDBUF, Sender.SOCKET_BUFFER);
    var address = UnixDomainSocketAddress.of(configuration.socket());
    var fromParent = SocketChannel.open(address);
    var greeting = new Sender(dictionary);
    greeting.control(configuration.secret());
    greeting.flush(fromParent);
    channel.connect(address);
    var runner = new TaskRunner(claims, encoder, decoder, out, channel);
    var control = new WorkerControl(fromParent, channel, runner);
    control.start();
    if (configuration.leavesGroup()) {
      Thread.ofPlatform()
          .daemon()
          .name("segue-worker-leave-group")
          .start(ProcessGroup::leave); // slow
    }
    try {
      new ParentConnection(channel, decoder, out, runner).run(configuration);
    } catch (Throwable t) {
      Log.error("this worker has failed, and ends", t);
    } finally {
      if (!control.isExiting()) {
        WorkerControl.end(DISCONNECTED);
      }
    }
  }
}

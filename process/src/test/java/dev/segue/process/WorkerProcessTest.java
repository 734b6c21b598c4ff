package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.segue.futures.SerializableRunnable;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What the parent does with a worker whose end it has not seen yet. */
class WorkerProcessTest {
  /** As when the coordinator closes the connection while another thread submits a task. */
  @Test
  void aConnectionThatIsClosedMeanwhileDoesNotDisturbTheThreadThatWrites() throws Exception {
    var dictionary = new Dictionary();
    var worker = new WorkerProcess("worker", dictionary, 0);
    var process = new ProcessBuilder("true").start();
    try (var rendezvous = Rendezvous.create();
        var control = SocketChannel.open(UnixDomainSocketAddress.of(rendezvous.socket()));
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(rendezvous.socket()));
        var selector = Selector.open()) {
      var expected = new ExpectedWorker(worker, rendezvous, new byte[32]);
      worker.launched(new Launch.Started(process, expected));
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      worker.connected(control, channel, key);

      key.cancel();

      SerializableRunnable task = () -> {};
      var encoded = new Encoder(dictionary).encode(task);
      assertThatCode(() -> worker.giveInitializer(encoded)).doesNotThrowAnyException();
    }
  }
}

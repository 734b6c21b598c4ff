package dev.segue.bench;

import java.io.EOFException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What a bare JVM runs: it answers each message of its socket until that is closed. */
final class BareWorker {
  static final String ECHO = "echo";
  static final String SORT = "sort";

  private BareWorker() {}

  /** Takes the path of the socket, and what to do with a message. */
  public static void main(String[] args) throws Exception {
    boolean sorts = args[1].equals(SORT);
    try (var link = new Link(SocketChannel.open(UnixDomainSocketAddress.of(args[0])))) {
      while (true) {
        var message = link.receive();
        if (sorts) {
          sort(message);
        }
        link.send(message);
      }
    } catch (EOFException _) {
      // The other side wants no more.
    }
  }

  private static void sort(ByteBuffer message) {
    var ints = message.slice(Link.HEADER, message.limit() - Link.HEADER).order(message.order());
    var list = new int[ints.remaining() / Integer.BYTES];
    ints.asIntBuffer().get(list).rewind().put(MergeSort.sort(list));
  }
}

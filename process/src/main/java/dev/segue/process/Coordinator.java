package dev.segue.process;

import dev.segue.futures.internal.Failures;
import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pool's own thread: it reads what the workers send, and has the pool supervise them. Confined
 * to that thread, except for methods that say otherwise.
 */
final class Coordinator {
  /** If more candidates than this claim to be the same worker, the oldest one is dropped. */
  private static final int MOST_CANDIDATES = 8;

  private final Pool pool;
  private final Selector selector;
  private final List<Candidate> candidates = new ArrayList<>();

  Coordinator(Pool pool) {
    this.pool = pool;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector: " + e.getMessage(), e);
    }
  }

  /** Starts the thread. Like the threads of a thread pool, it keeps the JVM alive. */
  void start(String name, ServiceThreads threads) {
    threads.start(
        name,
        false,
        this::run,
        t -> {
          close(); // if there is no thread
          pool.broken(t);
        });
  }

  private void close() {
    try {
      selector.close();
    } catch (IOException e) {
      Log.warn("cannot close a selector: " + e);
    }
  }

  /** Has the thread supervise the workers now. Any thread may call this. */
  void wakeUp() {
    selector.wakeup();
  }

  /** Listens for a worker. Any thread may call this. */
  void await(ExpectedWorker expected) throws IOException {
    expected.server().register(selector, SelectionKey.OP_ACCEPT, expected);
    selector.wakeup();
  }

  private void run() throws IOException {
    try (selector) {
      for (long pause = pool.look(); pause >= 0; pause = pool.look()) {
        selector.select(this::handle, pause);
        dropLateCandidates();
      }
    }
  }

  private void handle(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    // Not a switch over types: its first use would delay the first result by 20 ms.
    if (key.attachment() instanceof WorkerConnection connection) {
      if (key.isWritable()) {
        pool.flush(connection.worker());
      }
      if (key.isValid() && key.isReadable()) {
        connection.read();
      }
    } else if (key.attachment() instanceof Candidate candidate) {
      examine(candidate, key);
    } else {
      accept((ExpectedWorker) key.attachment());
    }
  }

  private void accept(ExpectedWorker expected) {
    try {
      var channel = expected.server().accept();
      if (channel == null) {
        return;
      }
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, Sender.SOCKET_BUFFER);
      var candidate = new Candidate(expected, channel, System.nanoTime());
      if (!expected.isOurs(channel)) {
        candidate.close();
        return;
      }
      dropSilent(expected);
      candidates.add(candidate);
      channel.register(selector, SelectionKey.OP_READ, candidate);
    } catch (Throwable t) { // for want of descriptors or memory
      pool.startFailed(expected.worker(), "cannot accept its connection: " + Failures.describe(t));
    }
  }

  /** Drops the oldest of those that have not greeted if there are too many. */
  private void dropSilent(ExpectedWorker expected) {
    Candidate oldest = null;
    int silent = 0;
    for (var candidate : candidates) {
      if (candidate.expected() == expected && candidate.greeting() == null) {
        oldest = oldest == null ? candidate : oldest;
        silent++;
      }
    }
    if (oldest != null && silent >= MOST_CANDIDATES) {
      drop(oldest); // the worker sends its greeting at once, so this is not it
    }
  }

  private void examine(Candidate candidate, SelectionKey key) {
    try {
      int count = candidate.in().fill(candidate.channel());
      var frame = candidate.in().next();
      if (frame != null && candidate.expected().isGreeting(frame)) {
        candidate.greeted(frame.type());
        key.interestOps(0); // the rest is read once both connections are there
        welcome(candidate.expected());
      } else if (frame != null || count < 0) {
        drop(candidate);
      }
    } catch (IOException _) {
      drop(candidate);
    } catch (Throwable t) {
      drop(candidate);
      pool.startFailed(
          candidate.expected().worker(), "cannot read its greeting: " + Failures.describe(t));
    }
  }

  /** Goes on with a worker if both of its connections are there. */
  private void welcome(ExpectedWorker expected) {
    var control = greeted(expected, FrameType.CONTROL);
    var data = greeted(expected, FrameType.HELLO);
    if (control == null || data == null) {
      return;
    }
    candidates.removeAll(List.of(control, data));
    expected.close();
    of(expected).forEach(this::drop);
    control.channel().keyFor(selector).cancel(); // the worker sends nothing more there
    var key = data.channel().keyFor(selector);
    try {
      var connection =
          pool.connected(expected.worker(), control.channel(), data.channel(), data.in(), key);
      key.attach(connection);
      key.interestOps(SelectionKey.OP_READ);
      connection.read(); // it may have sent more already
    } catch (Throwable t) { // for want of memory: nothing else would tell of the connection's end
      control.close();
      data.close();
      pool.disconnected(expected.worker(), t);
      throw t;
    }
  }

  private @Nullable Candidate greeted(ExpectedWorker expected, FrameType with) {
    for (var candidate : of(expected)) {
      if (candidate.greeting() == with) {
        return candidate;
      }
    }
    return null;
  }

  private List<Candidate> of(ExpectedWorker expected) {
    var found = new ArrayList<Candidate>();
    for (var candidate : candidates) {
      if (candidate.expected() == expected) {
        found.add(candidate);
      }
    }
    return found;
  }

  private void dropLateCandidates() {
    if (candidates.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (var candidate : List.copyOf(candidates)) {
      if (candidate.isLate(now)) {
        drop(candidate);
      }
    }
  }

  private void drop(Candidate candidate) {
    candidates.remove(candidate);
    candidate.close();
  }
}

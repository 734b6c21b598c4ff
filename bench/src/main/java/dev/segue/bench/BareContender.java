package dev.segue.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bare JVMs, each with a socket and one message at a time. Figures as {@link ExecutorContender}'s.
 */
final class BareContender implements AutoCloseable {
  private static final int TINY = 64;

  private final List<BareJvm> jvms = new ArrayList<>();

  BareContender(int workers) throws IOException {
    for (int worker = 0; worker < workers; worker++) {
      jvms.add(BareJvm.start(BareWorker.ECHO));
    }
  }

  double roundTrip(Duration atLeast) throws IOException {
    var watch = new Stopwatch();
    int count = echoes(jvms.getFirst(), TINY, atLeast);
    return watch.seconds() / count;
  }

  /** All JVMs at the same time, each with a thread of its own here. */
  double payload(int size, Duration atLeast) throws Exception {
    var counts = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newFixedThreadPool(jvms.size())) {
      var watch = new Stopwatch();
      for (var jvm : jvms) {
        counts.add(threads.submit(() -> echoes(jvm, size, atLeast)));
      }
      int sum = 0;
      for (var count : counts) {
        sum += count.get();
      }
      return sum / watch.seconds();
    }
  }

  private static int echoes(BareJvm jvm, int size, Duration atLeast) throws IOException {
    var message = Link.newMessage(size);
    int count = 0;
    var watch = new Stopwatch();
    while (watch.isBefore(atLeast)) {
      jvm.exchange(message);
      count++;
    }
    return count;
  }

  double sort(int lists) throws IOException, InterruptedException {
    return Processes.runJvm(
        List.of(),
        SortMain.class,
        Contender.BARE.id(),
        String.valueOf(lists),
        String.valueOf(jvms.size()));
  }

  double memory() throws IOException, InterruptedException {
    try (var jvm = BareJvm.start(BareWorker.ECHO)) {
      jvm.exchange(Link.newMessage(TINY));
      return Processes.residentBytes(jvm.pid());
    }
  }

  @Override
  public void close() throws IOException {
    for (var jvm : jvms) {
      jvm.close();
    }
  }
}

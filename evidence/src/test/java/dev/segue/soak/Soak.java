package dev.segue.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.EventLoop;
import dev.segue.futures.ReturnWhen;
import dev.segue.TaskGroup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A mixed load on one loop for minutes. Memory, threads and descriptors must stay as they were once
 * it had warmed up.
 *
 * <p>Arguments: the minutes, 10 by default. Exit codes: 0 all stayed flat, 1 something grew, 64
 * wrong usage.
 */
final class Soak {
  private static final double MOST_HEAP_GROWN = 4; // MB
  private static final int MOST_THREADS_GROWN = 8; // pools breathe
  private static final int MOST_DESCRIPTORS_GROWN = 8;

  private final SplittableRandom random;
  private final AsyncLock lock = new AsyncLock();
  private final AsyncQueue<Integer> queue = AsyncQueue.fifo(16);
  private final ServerSocket server;
  private long rounds;

  private Soak(ServerSocket server, long seed) {
    this.server = server;
    this.random = new SplittableRandom(seed);
  }

  public static void main(String[] args) throws Exception {
    double minutes = minutes(args);
    if (!(minutes > 0)) {
      System.err.println(
          "usage: soak [minutes], a number above zero, and not " + String.join(" ", args));
      System.exit(64);
    }
    long seed = System.nanoTime();
    var loop = EventLoop.builder().name("soak").start();
    System.out.printf(
        "engine %s, %s, %.1f minutes, seed %d%n", loop.engine(), Runtime.version(), minutes, seed);
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var echo = Thread.ofVirtual().start(() -> echo(server));
      var soak = new Soak(server, seed);
      var load = loop.submit(soak::load);
      boolean flat = soak.watch((long) (minutes * 60e9));
      if (load.isDone()) {
        System.out.println("the load has ended: " + load);
        flat = false;
      }
      load.cancel("the soak is over");
      loop.close();
      server.close();
      echo.join();
      System.exit(flat ? 0 : 1);
    }
  }

  private static double minutes(String[] args) {
    try {
      return args.length == 0 ? 10 : args.length == 1 ? Double.parseDouble(args[0]) : 0;
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  // --- the load

  private void load() throws Exception {
    while (true) {
      TaskGroup.run(group -> {
        for (int i = 0; i < 50; i++) {
          int kind = random.nextInt(8);
          var task = group.spawn(() -> work(kind));
          if (random.nextInt(8) == 0) {
            group.spawn(() -> {
              Async.checkpoint();
              task.cancel("by its sibling");
            });
          }
        }
      });
      rounds++;
    }
  }

  private Object work(int kind) throws Exception {
    switch (kind) {
      case 0 -> Async.sleep(Duration.ofMillis(2));
      case 1 -> {
        try {
          Async.timeout(Duration.ofMillis(1), () -> Async.sleep(Duration.ofSeconds(10)));
        } catch (TimeoutException _) {
          // as it should
        }
      }
      case 2 -> {
        var future = new CompletableFuture<Integer>();
        future.completeOnTimeout(1, 1, TimeUnit.MILLISECONDS);
        Async.await(future);
      }
      case 3 -> Async.toThread(() -> 1);
      case 4 -> talk();
      case 5 -> {
        try (var _ = lock.acquire()) {
          Async.checkpoint();
        }
      }
      case 6 -> {
        if (queue.offer(1)) {
          Async.checkpoint();
          var _ = queue.poll();
        }
      }
      default -> {
        var task = Async.createTask(() -> new byte[10_000]);
        task.cancel(false);
        Async.waitFor(List.of(task), ReturnWhen.ALL_COMPLETED);
      }
    }
    return kind;
  }

  private void talk() throws IOException {
    try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      socket.getOutputStream().write(7);
      if (socket.getInputStream().read() != 7) {
        throw new IOException("no echo");
      }
    }
  }

  private static void echo(ServerSocket server) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        int said = socket.getInputStream().read();
        if (said >= 0) {
          socket.getOutputStream().write(said);
        }
      } catch (IOException _) {
        // the client was cancelled, or the soak is over
      }
    }
  }

  // --- the watch

  private record Sample(double heap, int threads, long descriptors) {
    static Sample now() {
      System.gc();
      var runtime = Runtime.getRuntime();
      var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      return new Sample(
          (runtime.totalMemory() - runtime.freeMemory()) / 1e6,
          ManagementFactory.getThreadMXBean().getThreadCount(),
          system.getOpenFileDescriptorCount());
    }

    Sample least(Sample other) {
      return new Sample(
          Math.min(heap, other.heap),
          Math.min(threads, other.threads),
          Math.min(descriptors, other.descriptors));
    }
  }

  /**
   * Looks 20 times. What is compared is the least of the last quarter with the least of the second:
   * the first is for warming up, and the load swings.
   */
  private boolean watch(long nanos) throws InterruptedException {
    System.out.println("  seconds     rounds  heap MB  threads  descriptors");
    Sample before = null;
    Sample after = null;
    long start = System.nanoTime();
    for (int i = 1; i <= 20; i++) {
      long left = start + nanos * i / 20 - System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(left);
      var now = Sample.now();
      System.out.printf(
          "%9d %10d %8.1f %8d %12d%n",
          (System.nanoTime() - start) / 1_000_000_000,
          rounds, // a racy read, good enough to see that it goes on
          now.heap,
          now.threads,
          now.descriptors);
      if (i > 15) {
        after = after == null ? now : now.least(after);
      } else if (i > 5 && i <= 10) {
        before = before == null ? now : now.least(before);
      }
    }
    return isFlat("heap, MB", before.heap, after.heap, MOST_HEAP_GROWN)
        & isFlat("threads", before.threads, after.threads, MOST_THREADS_GROWN)
        & isFlat("descriptors", before.descriptors, after.descriptors, MOST_DESCRIPTORS_GROWN)
        & rounds > 0;
  }

  private static boolean isFlat(String what, double before, double after, double bound) {
    boolean flat = after - before <= bound;
    System.out.printf(
        "%s: from %.1f to %.1f, at most %.0f more: %s%n",
        what, before, after, bound, flat ? "ok" : "GREW");
    return flat;
  }
}

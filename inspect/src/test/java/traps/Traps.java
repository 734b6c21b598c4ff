package traps;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.Cancelled;
import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.Recording;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

/**
 * Programs with one fault each, which the comment at its line names, and the same without it. In a
 * package of its own, as a user's programs are.
 */
public final class Traps {
  /** A program, of which the recording is taken when it has ended, or where it says so. */
  public interface Program {
    Recording run(boolean healthy) throws Exception;
  }

  private static final Duration LONG = Duration.ofDays(1);

  private Traps() {}

  private static Duration ms(int millis) {
    return Duration.ofMillis(millis);
  }

  private static void compute(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** Told by the watchdog, after the recorder. */
  private static final class Watched implements Instrument {
    private final CountDownLatch told = new CountDownLatch(1);

    @Override
    public void stalled(Stall stall) {
      told.countDown();
    }

    boolean isTold() {
      return told.getCount() == 0;
    }
  }

  private static <X extends Throwable> Recording record(Action<X> body) throws X {
    return record(EventLoop.Engine.CARRIER, new Watched(), body);
  }

  private static <X extends Throwable> Recording record(
      EventLoop.Engine engine, Watched watched, Action<X> body) throws X {
    var recorder = new Recorder(1 << 16);
    var loop =
        EventLoop.builder()
            .name("main")
            .engine(engine)
            .instrument(recorder.forNewLoop())
            .exceptionHandler((_, _) -> {})
            .stallThreshold(Duration.ZERO)
            .build();
    try (loop) {
      loop.addInstrument(watched);
      loop.run(body);
    }
    return recorder.recording();
  }

  public static Recording heldLoop(boolean healthy) {
    var watched = new Watched();
    return record(
        EventLoop.Engine.CARRIER,
        watched,
        () -> {
          var one = Async.createTask("ONE", () -> Async.sleep(ms(20)));
          var three = Async.createTask("THREE", () -> hold(healthy, watched));
          one.await();
          three.await();
        });
  }

  private static void hold(boolean healthy, Watched watched) {
    if (healthy) {
      for (int i = 0; i < 120; i++) {
        compute(1);
        Async.checkpoint();
      }
    } else {
      // All on one line, since the watchdog looks more than once; 100 ms are worth a finding.
      var told = watched.told;
      long end = System.nanoTime() + 120_000_000;
      var now = LongStream.generate(System::nanoTime);
      var _ = now.allMatch(time -> time < end || told.getCount() > 0); // HELD_LOOP
    }
  }

  public static Recording longReady(boolean healthy) {
    return record(() -> {
      for (int i = 0; i < (healthy ? 2 : 40); i++) {
        Async.createTask("worker-" + i, Traps::work); // LONG_READY
      }
      Async.sleep(ms(healthy ? 60 : 1_200));
    });
  }

  private static void work() {
    for (int i = 0; i < 10; i++) {
      compute(3);
      Async.checkpoint();
    }
  }

  public static Recording spinning(boolean healthy) {
    return record(() -> {
      var turns = new int[1];
      var event = new AsyncEvent();
      var poller =
          Async.createTask(
              "poller",
              () -> {
                if (healthy) {
                  event.await();
                } else {
                  while (turns[0]++ < 5_000) {
                    Async.checkpoint(); // SPINNING
                  }
                }
              });
      Async.sleep(ms(1));
      event.set();
      poller.await();
    });
  }

  public static Recording unseenFailure(boolean healthy) {
    return record(() -> {
      var bad = Async.createTask("bad", Traps::fail);
      if (healthy) {
        try {
          bad.await();
        } catch (CompletionException expected) {
          // seen
        }
      }
      Async.checkpoint();
    });
  }

  private static void fail() {
    throw new IllegalStateException("no"); // UNSEEN_FAILURE
  }

  public static Recording jdkWait(boolean healthy) throws InterruptedException {
    var watched = new Watched();
    return record(
        EventLoop.Engine.PORTABLE,
        watched,
        () ->
            Async.createTask(
                    "sleeper",
                    () -> {
                      for (int i = 0; i < 3 || (!healthy && !watched.isTold()); i++) {
                        if (healthy) {
                          Async.sleep(ms(50));
                        } else {
                          Thread.sleep(50); // JDK_WAIT
                        }
                      }
                    })
                .await());
  }

  public static Recording systemCall(boolean healthy) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("traps");
    var pipe = folder.resolve("pipe");
    if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
      throw new IOException("mkfifo failed");
    }
    var watched = new Watched();
    var writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                if (healthy) {
                  Thread.sleep(150);
                } else {
                  watched.told.await();
                  Thread.sleep(60); // held for 50 ms so far, and 100 are worth a finding
                }
                new FileOutputStream(pipe.toFile()).close();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      return record(
          EventLoop.Engine.CARRIER,
          watched,
          () ->
              Async.createTask(
                      "reader",
                      () -> {
                        if (healthy) {
                          Async.toThread(() -> read(pipe));
                        } else {
                          read(pipe);
                        }
                      })
                  .await());
    } finally {
      writer.join();
      Files.delete(pipe);
      Files.delete(folder);
    }
  }

  private static void read(Path file) throws IOException {
    try (var in = new FileInputStream(file.toFile())) { // SYSTEM_CALL
      in.read();
    }
  }

  public static Recording heldLock(boolean healthy) {
    return record(() -> {
      var lock = new AsyncLock();
      var slow =
          Async.createTask(
              "slow",
              () -> {
                if (healthy) {
                  Async.sleep(ms(150));
                }
                try (var _ = lock.acquire()) {
                  if (!healthy) {
                    Async.sleep(ms(150)); // HELD_LOCK
                  }
                }
              });
      Async.checkpoint();
      lock.acquire().close();
      slow.await();
    });
  }

  public static Recording fullQueue(boolean healthy) {
    return record(() -> {
      var queue = AsyncQueue.<Integer>fifo(2);
      Async.createTask(
          "putter",
          () -> {
            for (int i = 0; i < 60; i++) {
              if (healthy) {
                Async.sleep(ms(4));
              }
              queue.put(i); // FULL_QUEUE
            }
          });
      for (int i = 0; i < 60; i++) {
        queue.take();
        if (!healthy) {
          Async.sleep(ms(4));
        }
      }
    });
  }

  public static Recording emptyQueue(boolean healthy) {
    return record(() -> {
      var queue = AsyncQueue.<Integer>fifo(10);
      for (int i = 0; i < 4; i++) {
        Async.createTask(
            "taker-" + i,
            () -> {
              while (true) {
                queue.take(); // EMPTY_QUEUE
                if (healthy) {
                  Async.sleep(ms(8));
                }
              }
            });
      }
      for (int i = 0; i < 150; i++) {
        Async.sleep(ms(1));
        queue.put(i);
      }
    });
  }

  public static Recording growth(boolean healthy) {
    var recorder = new Recorder(1 << 16);
    var recordings = new Recording[1];
    try (var loop = EventLoop.builder().name("main").instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> {
        for (int i = 0; i < 1_500; i++) {
          var time = healthy ? Duration.ZERO : LONG;
          var task = Async.createTask("request-" + i, () -> Async.sleep(time)); // GROWTH
          if (healthy) {
            task.await();
          } else {
            Async.checkpoint();
          }
        }
        recordings[0] = recorder.recording();
      });
    }
    return recordings[0];
  }

  public static Recording lateTimer(boolean healthy) {
    return record(() -> {
      var ticker =
          Async.createTask(
              "ticker",
              () -> {
                for (int i = 0; i < 2; i++) {
                  Async.sleep(ms(700)); // LATE_TIMER
                }
              });
      Async.sleep(ms(600));
      var all = new ArrayList<Task<?>>(List.of(ticker));
      long begun = System.nanoTime();
      for (int i = 0; i < (healthy ? 0 : 75); i++) {
        all.add(
            Async.createTask(
                "short-" + i,
                () -> {
                  for (int step = 0; step < 2; step++) {
                    compute(2);
                    Async.checkpoint();
                  }
                  // Three times as long as that took, however busy the machine: so for most of its
                  // life it does not wait for its turn.
                  Async.sleep(Duration.ofNanos(3 * (System.nanoTime() - begun)));
                }));
      }
      for (var task : all) { // no sleep, which could be later than the ticker's
        task.await();
      }
    });
  }

  public static Recording deadlock(boolean healthy) {
    return record(() -> {
      var first = new AsyncLock();
      var second = new AsyncLock();
      var foo = Async.createTask("foo", () -> takeBoth(first, second));
      var boo =
          Async.createTask(
              "boo", () -> takeBoth(healthy ? first : second, healthy ? second : first));
      try {
        foo.await();
        boo.await();
      } catch (CompletionException expected) {
        // the DeadlockException
      }
    });
  }

  private static void takeBoth(AsyncLock one, AsyncLock other) {
    try (var _ = one.acquire()) {
      Async.checkpoint();
      try (var _ = other.acquire()) { // DEADLOCK
        Async.checkpoint();
      }
    }
  }

  public static Recording nothingLeft(boolean healthy) throws Exception {
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().name("main").instrument(recorder.forNewLoop()).build()) {
      var runner = Thread.ofPlatform().start(() -> runToTheEnd(loop, healthy));
      if (healthy) {
        runner.join();
      } else {
        Thread.sleep(150);
      }
      var recording = recorder.recording();
      runner.interrupt();
      runner.join();
      return recording;
    }
  }

  private static void runToTheEnd(EventLoop loop, boolean healthy) {
    var event = new AsyncEvent();
    var queue = AsyncQueue.<String>fifo(1);
    try {
      loop.run(() ->
          Async.gather(
              () -> {
                if (!healthy) {
                  event.await(); // NOTHING_LEFT_TO_RUN
                }
                queue.put("item");
              },
              () -> {
                queue.take();
                event.set();
              }));
    } catch (Cancelled expected) {
      // the program has hung for long enough
    }
  }

  /** Its tasks wait for requests, which another thread hands over, and for a signal. */
  public static Recording idleServer(boolean started) throws Exception {
    var recorder = new Recorder();
    var builder = EventLoop.builder().name("main").instrument(recorder.forNewLoop());
    var requests = AsyncQueue.<String>fifo(10);
    if (started) {
      try (var loop = builder.start()) {
        var _ = loop.submit(() -> serve(requests));
        Thread.sleep(150);
        return recorder.recording();
      }
    }
    try (var loop = builder.handleSignals(true).build()) {
      var runner =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  loop.run(() -> serve(requests));
                } catch (Cancelled expected) {
                  // the server has ended
                }
              });
      Thread.sleep(150);
      var recording = recorder.recording();
      runner.interrupt();
      runner.join();
      return recording;
    }
  }

  private static void serve(AsyncQueue<String> requests) {
    while (true) {
      requests.take();
    }
  }

  public static Recording abandonedLock(boolean healthy) {
    return record(() -> {
      var lock = new AsyncLock();
      var first = lock.acquire();
      var holder =
          Async.createTask(
              "holder",
              () -> {
                var lease = lock.acquire(); // ABANDONED_LOCK
                if (healthy) {
                  lease.close();
                }
              });
      Async.createTask(
          "waiter",
          () -> {
            try (var _ = lock.acquire()) {
              Async.checkpoint();
            } catch (IllegalStateException expected) {
              // the lock can never be released
            }
          });
      Async.sleep(ms(20));
      first.close();
      holder.await();
      Async.checkpoint();
    });
  }
}

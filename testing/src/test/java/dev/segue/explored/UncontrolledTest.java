package dev.segue.explored;

import static dev.segue.Async.await;
import static dev.segue.Async.checkpoint;
import static dev.segue.Async.currentLoop;
import static dev.segue.Async.gather;
import static dev.segue.Async.runInExecutor;
import static dev.segue.Async.sleep;
import static dev.segue.Async.timeout;
import static dev.segue.Async.toThread;
import static dev.segue.explored.PlantedFault.io;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.AsyncEvent;
import dev.segue.TaskGroup;
import dev.segue.testing.Explorer;
import dev.segue.testing.Interleaving;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What decides besides the explorer is noticed, and what is under control is not suspected. */
class UncontrolledTest {
  /** Bodies that take another course each time. */
  enum Breaker {
    RANDOM {
      @Override
      void run() {
        gather(() -> io(new Random().nextInt(50)), () -> io(2));
      }
    },
    THREAD_LOCAL_RANDOM {
      @Override
      void run() {
        gather(() -> io(ThreadLocalRandom.current().nextInt(50)), () -> io(2));
      }
    },
    NANO_TIME {
      @Override
      void run() {
        gather(() -> io((int) (System.nanoTime() % 50)), () -> io(2));
      }
    },
    IDENTITY_HASH_CODES {
      @Override
      void run() {
        var items = new HashSet<Item>();
        for (int i = 0; i < 8; i++) {
          items.add(new Item(i));
        }
        TaskGroup.run(group -> items.forEach(item -> group.spawn(() -> io(item.steps))));
      }
    },
    SLEEP {
      @Override
      void run() {
        until(done -> {
          Thread.sleep(30);
          done[0] = true;
        });
      }
    },
    THREAD {
      @Override
      void run() {
        var stage = new CompletableFuture<Integer>();
        Thread.ofPlatform().start(() -> stage.completeOnTimeout(1, 30, TimeUnit.MILLISECONDS));
        until(done -> {
          await(stage);
          done[0] = true;
        });
      }
    },
    MONITOR {
      @Override
      void run() {
        var monitor = new Object();
        until(done -> {
          synchronized (monitor) {
            monitor.wait(30);
          }
          done[0] = true;
        });
      }
    },
    SOCKET {
      @Override
      void run() {
        until(done -> {
          try (var server = new ServerSocket(0);
              var client = new Socket(server.getInetAddress(), server.getLocalPort());
              var served = server.accept()) {
            client.setSoTimeout(30);
            assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
            assertThat(served.isClosed()).isFalse();
          }
          done[0] = true;
        });
      }
    },
    STATIC_STATE {
      private int runs; // an enum's constant is there once

      @Override
      void run() {
        runs++;
        gather(() -> io(runs), () -> io(2));
      }
    };

    abstract void run();

    private interface Wait {
      void end(boolean[] done) throws Exception;
    }

    /** Something that takes real time, and how much in steps of another task. */
    private static void until(Wait wait) {
      boolean[] done = {false};
      gather(
          () -> wait.end(done),
          () -> {
            while (!done[0]) {
              checkpoint();
            }
          });
    }
  }

  @SuppressWarnings("ClassCanBeRecord") // without a hashCode of its own
  private static final class Item {
    final int steps;

    Item(int steps) {
      this.steps = steps;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNamed(Breaker breaker) {
    var explorer = Explorer.builder().steps(100_000_000).build();
    var exploration = explorer.explore(breaker::run);
    assertThat(exploration.uncontrolled())
        .anySatisfy(what -> assertThat(what).startsWith("the same schedule went on in two ways"));
    var failure = exploration.failure().orElseThrow();
    assertThat(failure.kind()).isEqualTo(Interleaving.Kind.UNCONTROLLED);
    assertThat(failure.toString())
        .contains("the same schedule went on in two ways: '", "System.nanoTime");
  }

  /** Not the body's: to close it is a wait for its threads, if they have not ended yet. */
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  @AfterAll
  static void closePool() {
    POOL.close();
  }

  /** Bodies whose course the explorer alone decides. */
  enum Controlled {
    LOOP_CLOCK(() ->
        gather(
            () -> {
              sleep(Duration.ofMillis(3));
              io((int) (currentLoop().clock().millis() % 4));
            },
            () -> io(2))),
    HASH_CODES_OF_STRINGS(() -> {
      var names = new HashSet<>(List.of("a", "bb", "ccc", "dddd"));
      TaskGroup.run(group -> names.forEach(name -> group.spawn(() -> io(name.length()))));
    }),
    TIMERS_THAT_TIE(() ->
        gather(
            () -> {
              sleep(Duration.ofSeconds(1));
              io(2);
            },
            () -> {
              sleep(Duration.ofSeconds(1));
              io(1);
            })),
    TIME_OUT_THAT_TIES(() ->
        gather(
            () -> {
              try {
                timeout(Duration.ofSeconds(1), () -> sleep(Duration.ofSeconds(1)));
              } catch (TimeoutException _) {
                io(2);
              }
            },
            () -> io(3))),
    THREADS(() ->
        gather(
            () -> {
              toThread(() -> compute(100_000));
              io(1);
            },
            () -> {
              toThread(() -> compute(10));
              io(2);
            })),
    EXECUTORS(() ->
        gather(
            () -> {
              runInExecutor(POOL, () -> compute(100_000));
              io(1);
            },
            () -> {
              runInExecutor(POOL, () -> compute(10));
              io(2);
            })),
    STAGES_THAT_TASKS_COMPLETE(() -> {
      var stage = new CompletableFuture<Integer>();
      gather(
          () -> io(await(stage)),
          () -> {
            io(2);
            stage.complete(2);
          });
    }),
    JDK_LOCKS(() -> {
      var lock = new ReentrantLock();
      Action<Exception> body =
          () -> {
            lock.lock();
            try {
              io(2);
            } finally {
              lock.unlock();
            }
          };
      gather(body, body, body);
    }),
    JDK_QUEUES(() -> {
      var queue = new ArrayBlockingQueue<Integer>(1);
      gather(
          () -> {
            for (int i = 0; i < 3; i++) {
              queue.put(i);
            }
          },
          () -> {
            for (int i = 0; i < 3; i++) {
              io(queue.take());
            }
          });
    }),
    JDK_LATCHES(() -> {
      var latch = new CountDownLatch(2);
      gather(
          latch::await,
          () -> {
            io(1);
            latch.countDown();
          },
          () -> {
            io(2);
            latch.countDown();
          });
    }),
    JDK_SEMAPHORES(() -> {
      var permits = new Semaphore(1);
      Action<Exception> body =
          () -> {
            permits.acquire();
            io(2);
            permits.release();
          };
      gather(body, body);
    }),
    EVENTS(() -> {
      var event = new AsyncEvent();
      gather(
          event::await,
          () -> {
            checkpoint();
            event.set();
          });
    });

    private final Action<Exception> body;

    Controlled(Action<Exception> body) {
      this.body = body;
    }

    private static int compute(int times) {
      int sum = 0;
      for (int i = 0; i < times; i++) {
        sum = sum * 31 + i;
      }
      return sum & 1;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNotSuspected(Controlled controlled) {
    var explorer = Explorer.builder().schedules(200).build();
    var exploration = explorer.explore(controlled.body);
    assertThat(exploration.failure()).isEmpty();
    assertThat(exploration.uncontrolled()).isEmpty();
    assertThat(explorer.explore(controlled.body)).isEqualTo(exploration);
  }
}

package dev.segue.bench.program;

import static dev.segue.bench.program.Protocol.counted;
import static dev.segue.bench.program.Protocol.port;

import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.EventLoop;
import dev.segue.Task;
import dev.segue.TaskGroup;
import dev.segue.bench.program.Sockets.Handler;
import dev.segue.futures.ReturnWhen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Segue on the engine that {@code -Dsegue.engine} names. One loop does all works. */
public final class SegueProgram {
  private final EventLoop loop = EventLoop.builder().start();

  private SegueProgram() {}

  /**
   * Says hello from a task, or answers requests.
   *
   * @param args {@code hello}, or nothing
   * @throws Exception if a work fails
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      Async.run(() -> System.out.println(args[0]));
      return;
    }
    Protocol.serve(Protocol.javaVersion(), new SegueProgram().works());
  }

  private Map<String, Protocol.Answerer> works() {
    var works = new HashMap<String, Protocol.Answerer>();
    works.put("switch", counted(this::switches));
    works.put("spawn-await", counted(this::spawnAwait));
    works.put("spawn-all", counted(this::spawnAll));
    works.put("sleeps", counted(this::sleeps));
    works.put("queue", counted(this::queue));
    works.put("lock", counted(this::lock));
    works.put("submit", counted(this::submit));
    works.put("cancel", counted(this::cancel));
    works.put("memory", counted(this::memory));
    // A plain socket holds the loop on the other engine.
    if (loop.engine() == EventLoop.Engine.CARRIER) {
      works.put("echo", port(() -> serve(Sockets::echo)));
      works.put("http", port(() -> serve(Sockets::http)));
    }
    return works;
  }

  private <T extends @Nullable Object> T onLoop(Callable<T> body) throws Exception {
    return loop.submit(body).get();
  }

  private double switches(int count) throws Exception {
    return onLoop(() -> {
      var watch = new Watch();
      var first = Async.createTask(() -> takeTurns(count / 2));
      var second = Async.createTask(() -> takeTurns(count / 2));
      first.await();
      second.await();
      return watch.seconds();
    });
  }

  private static void takeTurns(int count) {
    for (int i = 0; i < count; i++) {
      Async.checkpoint();
    }
  }

  private double spawnAwait(int count) throws Exception {
    return onLoop(() -> {
      var watch = new Watch();
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += Async.createTask(() -> 1).await();
      }
      return watch.seconds(sum, count);
    });
  }

  private double spawnAll(int count) throws Exception {
    return onLoop(() -> {
      var watch = new Watch();
      var tasks = new ArrayList<Task<Integer>>(count);
      for (int i = 0; i < count; i++) {
        tasks.add(Async.createTask(() -> 1));
      }
      int sum = 0;
      for (var task : tasks) {
        sum += task.await();
      }
      return watch.seconds(sum, count);
    });
  }

  private double sleeps(int count) throws Exception {
    return onLoop(() -> {
      var watch = new Watch();
      Callable<Integer> sleep =
          () -> {
            Async.sleep(Works.NAP);
            return 1;
          };
      var results = Async.gather(Collections.nCopies(count, sleep));
      return watch.seconds(results.size(), count);
    });
  }

  private double queue(int count) throws Exception {
    return onLoop(() -> {
      var queue = AsyncQueue.<Integer>fifo(1);
      var watch = new Watch();
      var _ =
          Async.createTask(() -> {
            for (int i = 0; i < count; i++) {
              queue.put(1);
            }
          });
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += queue.take();
      }
      return watch.seconds(sum, count);
    });
  }

  private double lock(int count) throws Exception {
    return onLoop(() -> {
      var lock = new AsyncLock();
      var watch = new Watch();
      var first = Async.createTask(() -> holdInTurn(lock, count / 2));
      var second = Async.createTask(() -> holdInTurn(lock, count / 2));
      first.await();
      second.await();
      return watch.seconds();
    });
  }

  private static void holdInTurn(AsyncLock lock, int count) {
    for (int i = 0; i < count; i++) {
      try (var _ = lock.acquire()) {
        Async.checkpoint();
      }
    }
  }

  private double submit(int count) throws Exception {
    var watch = new Watch();
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += loop.submit(() -> 1).get();
    }
    return watch.seconds(sum, count);
  }

  private double cancel(int count) throws Exception {
    return onLoop(() -> {
      var asleep = new int[1];
      var watch = new Watch[1];
      TaskGroup.run(group -> {
        for (int i = 0; i < count; i++) {
          var _ =
              group.spawn(() -> {
                asleep[0]++;
                Async.sleep(Works.LONG);
              });
        }
        while (asleep[0] < count) {
          Async.checkpoint();
        }
        watch[0] = new Watch();
        group.scope().cancel("enough");
      });
      return watch[0].seconds();
    });
  }

  private double memory(int count) throws Exception {
    return onLoop(() -> {
      var tasks = new ArrayList<Task<@Nullable Void>>(count); // which is not theirs
      var asleep = new int[1];
      long before = Works.usedBytes();
      for (int i = 0; i < count; i++) {
        tasks.add(
            Async.createTask(() -> {
              asleep[0]++;
              Async.sleep(Works.LONG);
            }));
      }
      while (asleep[0] < count) {
        Async.checkpoint();
      }
      double bytes = (Works.usedBytes() - before) / (double) count;
      tasks.forEach(Task::cancel);
      Async.waitFor(tasks, ReturnWhen.ALL_COMPLETED);
      return bytes;
    });
  }

  private int serve(Handler handler) throws IOException {
    var server = Sockets.listen();
    var _ =
        loop.submit(() -> {
          while (true) {
            var connection = server.accept();
            var _ = Async.createTask(() -> handler.serve(connection));
          }
        });
    return server.getLocalPort();
  }
}

package dev.segue;

import dev.segue.futures.internal.LivePools;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The part of the answer to {@code tasks} that tells of pools: for each a line, and one for each of
 * its workers. Process pools tell of themselves. Of threads only those are known that work for a
 * task of a loop, and the executors that such tasks wait for.
 */
final class PoolReport {
  /** A body that an executor has, and the task that waits for it. */
  private record Job(TaskSnapshot waiter, @Nullable Thread runner) {}

  private final IdentityHashMap<ExecutorService, List<Job>> executors = new IdentityHashMap<>();

  /** Looks at what a task waits for. */
  void add(TaskSnapshot task) {
    if (task.currentWait() instanceof Work<?> work) {
      executors
          .computeIfAbsent(work.executor(), _ -> new ArrayList<>())
          .add(new Job(task, work.runner()));
    }
  }

  void write(Writer out) throws IOException {
    for (var pool : LivePools.states()) {
      Inquiry.line(out, "pool", "process", pool.name(), "", "", pool.queued(), pool.lost());
      for (var worker : pool.workers()) {
        Inquiry.line(
            out,
            "worker",
            worker.name(),
            worker.pid(),
            worker.state(),
            worker.task(),
            worker.nanos());
      }
    }
    for (var entry : executors.entrySet()) {
      writeExecutor(out, entry.getKey(), entry.getValue());
    }
  }

  private static void writeExecutor(Writer out, ExecutorService executor, List<Job> jobs)
      throws IOException {
    var running = jobs.stream().filter(job -> job.runner != null).toList();
    var pool = executor instanceof ThreadPoolExecutor threads ? threads : null;
    Inquiry.line(
        out,
        "pool",
        "thread",
        executor instanceof LoopExecutor loop ? loop.toString() : executor.getClass().getName(),
        pool == null ? "" : pool.getPoolSize(),
        pool == null ? "" : pool.getActiveCount(),
        pool == null ? jobs.size() - running.size() : pool.getQueue().size(),
        0);
    for (var job : running) {
      Inquiry.line(
          out,
          "worker",
          job.runner == null ? "" : job.runner.getName(),
          0,
          "busy",
          job.waiter.task().name(),
          job.waiter.waited().toNanos());
    }
  }
}

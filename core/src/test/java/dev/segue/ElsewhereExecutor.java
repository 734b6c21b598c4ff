package dev.segue;

import dev.segue.fixtures.HandDrivenExecutor;
import dev.segue.fixtures.SerializedCopy;
import dev.segue.futures.WorkFuture;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * A hand-driven executor that has copies of what it is given, as a process pool does: what cannot
 * be serialized is refused, and a future tells when its work has ended.
 */
final class ElsewhereExecutor extends HandDrivenExecutor {
  final Queue<Job<?>> jobs = new ArrayDeque<>();

  /** What {@code submit} does first. */
  Runnable onSubmit = () -> {};

  /** What it does last. */
  Consumer<Job<?>> onJob = _ -> {};

  static final class Job<T> extends FutureTask<T> implements WorkFuture<T> {
    final Callable<T> copy;
    final CountDownLatch cancelAsked = new CountDownLatch(1);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Job(Callable<T> copy) {
      super(copy);
      this.copy = copy;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      cancelAsked.countDown();
      return cancelled;
    }

    @Override
    protected void done() {
      done.complete(null);
    }

    @Override
    public void whenDone(Runnable callback) {
      var _ = done.thenRun(callback);
    }

    @Override
    public CompletionStage<Void> ended() {
      return ended.minimalCompletionStage();
    }

    void end() {
      ended.complete(null);
    }

    void runToItsEnd() {
      run();
      end();
    }
  }

  @Override
  public <T> Future<T> submit(Callable<T> task) {
    onSubmit.run();
    var job = new Job<T>(SerializedCopy.of(task));
    jobs.add(job);
    onJob.accept(job);
    return job;
  }
}

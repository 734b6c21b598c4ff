package dev.segue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
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
    var job = new Job<T>(copy(task));
    jobs.add(job);
    onJob.accept(job);
    return job;
  }

  @SuppressWarnings({"unchecked", "BanSerializableRead"}) // it is what was written
  static <T> T copy(T original) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(original);
    } catch (IOException e) {
      throw new RejectedExecutionException("does not travel", e);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}

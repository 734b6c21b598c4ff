package dev.segue;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A view of a loop as the JDK's executor: each command is a task. Shutting it down concerns what
 * was given to this view, and leaves the loop as it is.
 */
@AnyThread
final class LoopExecutor extends AbstractExecutorService implements ScheduledExecutorService {
  private final Kernel kernel;
  private final Set<Command> commands = ConcurrentHashMap.newKeySet();

  /** How many commands have not ended, and 1 for this view as long as it is open. */
  private final AtomicInteger open = new AtomicInteger(1);

  private final AtomicBoolean shutdown = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();

  LoopExecutor(Kernel kernel) {
    this.kernel = kernel;
  }

  // --- executing

  @Override
  public void execute(Runnable body) {
    Objects.requireNonNull(body, "body must not be null");
    var command = new Command(body);
    if (open.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw rejected();
    }
    commands.add(command);
    try {
      if (shutdown.get()) {
        throw rejected();
      }
      kernel.submit(command.task);
    } catch (Throwable thrown) {
      leave(command);
      throw thrown;
    }
    command.task.observe(command);
  }

  private RejectedExecutionException rejected() {
    return new RejectedExecutionException(this + " takes nothing any more");
  }

  private void leave(Command command) {
    if (commands.remove(command)) {
      countDown();
    }
  }

  private void countDown() {
    if (open.decrementAndGet() == 0) {
      terminated.complete(null);
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable body, T result) {
    Objects.requireNonNull(body, "body must not be null");
    return newTaskFor(() -> {
      body.run();
      return result;
    });
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> body) {
    return new LoopJob<>(body);
  }

  /** What {@code execute} was given, and its task. */
  private final class Command extends TaskObserver {
    private final Runnable body;
    private final Task<?> task;
    private final AtomicBoolean claimed = new AtomicBoolean(); // by its task, or by shutdownNow

    Command(Runnable body) {
      this.body = body;
      this.task = kernel.newCallbackTask(this::run);
    }

    private void run() {
      if (claimed.compareAndSet(false, true)) {
        body.run();
      }
    }

    @Override
    void taskEnded(Task<?> ended) {
      if (body instanceof LoopJob<?> job) {
        job.taskEnded(ended);
      }
      leave(this);
    }
  }

  // --- later

  @Override
  public ScheduledFuture<?> schedule(Runnable body, long delay, TimeUnit unit) {
    return this.<@Nullable Object>later(callable(body), delay, 0, unit);
  }

  @Override
  public <T> ScheduledFuture<T> schedule(Callable<T> body, long delay, TimeUnit unit) {
    return later(body, delay, 0, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable body, long initialDelay, long period, TimeUnit unit) {
    return this.<@Nullable Object>later(
        callable(body), initialDelay, positive(period, "period", unit), unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable body, long initialDelay, long delay, TimeUnit unit) {
    return this.<@Nullable Object>later(
        callable(body), initialDelay, -positive(delay, "delay", unit), unit);
  }

  private static Callable<@Nullable Object> callable(Runnable body) {
    Objects.requireNonNull(body, "body must not be null");
    return () -> {
      body.run();
      return null;
    };
  }

  private static long positive(long time, String name, TimeUnit unit) {
    Objects.requireNonNull(unit, "unit must not be null");
    if (time <= 0) {
      throw new IllegalArgumentException(name + " must be positive, and is " + time);
    }
    return unit.toNanos(time);
  }

  private <T extends @Nullable Object> ScheduledFuture<T> later(
      Callable<T> body, long delay, long period, TimeUnit unit) {
    Objects.requireNonNull(body, "body must not be null");
    Objects.requireNonNull(unit, "unit must not be null");
    var job = new ScheduledJob<>(kernel, body, unit.toNanos(delay), period);
    execute(job);
    return job;
  }

  // --- shutting down

  @Override
  public void shutdown() {
    if (shutdown.compareAndSet(false, true)) {
      for (var command : oldestFirst()) {
        if (command.body instanceof ScheduledJob<?> job && job.isPeriodic()) {
          job.cancel(false);
        }
      }
      countDown();
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    var all = oldestFirst();
    var unbegun =
        all.stream()
            .filter(it -> !(it.body instanceof ScheduledJob))
            .filter(it -> it.claimed.compareAndSet(false, true))
            .toList();
    all.forEach(it -> it.task.cancel(this + " was shut down"));
    return unbegun.stream().map(it -> it.body).toList();
  }

  private List<Command> oldestFirst() {
    return commands.stream().sorted(Comparator.comparingLong(it -> it.task.id())).toList();
  }

  @Override
  public boolean isShutdown() {
    return shutdown.get();
  }

  @Override
  public boolean isTerminated() {
    return terminated.isDone();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      terminated.get(timeout, unit);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError(e); // nothing fails it
    }
  }

  @Override
  public String toString() {
    return "executor of "
        + kernel.loop()
        + (isTerminated() ? " (terminated)" : isShutdown() ? " (shutting down)" : " (running)");
  }
}

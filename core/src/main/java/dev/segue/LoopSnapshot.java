package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a loop did at one moment.
 *
 * @param loop the loop
 * @param tasks those that had not ended: parents before children, the oldest first
 * @param complete whether this is of one moment, and has every task: false where another thread
 *     looked while a task held the loop
 */
public record LoopSnapshot(EventLoop loop, List<TaskSnapshot> tasks, boolean complete) {
  /** What a look from outside visits at most, as it may run in circles. */
  private static final int MOST_NODES = 1_000_000;

  /** Copies the list. */
  public LoopSnapshot {
    Objects.requireNonNull(loop, "loop must not be null");
    tasks = List.copyOf(tasks);
  }

  @AnyThread(because = "it looks as Request does where it may, and copes with the rest")
  static LoopSnapshot of(Kernel kernel, Duration patience) {
    if (kernel.isOnLoop()) {
      return look(kernel);
    }
    if (kernel.carrier() == null) {
      return lookFromOutside(kernel);
    }
    var request = new Request(kernel);
    if (!kernel.wake(request)) {
      return new LoopSnapshot(kernel.loop(), List.of(), true); // it has ended
    }
    try {
      return request.taken.get(Deadlines.nanos(patience, "patience"), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException _) {
      // The loop is held, or has no memory for it.
    }
    return lookFromOutside(kernel);
  }

  /** Has the loop look. */
  private static final class Request extends Inbox.Message {
    private final Kernel kernel;
    private final CompletableFuture<LoopSnapshot> taken = new CompletableFuture<>();

    Request(Kernel kernel) {
      this.kernel = kernel;
    }

    @Override
    void receive() {
      try {
        taken.complete(look(kernel));
      } catch (Throwable thrown) { // no memory, say: of no concern to the loop
        taken.completeExceptionally(thrown);
      }
    }
  }

  @LoopConfined
  private static LoopSnapshot look(Kernel kernel) {
    var tasks = new ArrayList<TaskSnapshot>();
    var root = kernel.root();
    for (var node = root.following(root, true); node != root; node = node.following(root, true)) {
      if (node instanceof Task<?> task) {
        tasks.add(new TaskSnapshot(task, task == kernel.currentTask()));
      }
    }
    return new LoopSnapshot(kernel.loop(), tasks, true);
  }

  @AnyThread(because = "what it reads may be of different moments, which the result says")
  private static LoopSnapshot lookFromOutside(Kernel kernel) {
    var tasks = new ArrayList<TaskSnapshot>();
    long steps = kernel.steps();
    boolean complete = kernel.carrier() == null;
    try {
      var root = kernel.root();
      CancelNode node = root;
      for (int left = MOST_NODES; (node = node.following(root, true)) != root && left > 0; left--) {
        if (node instanceof Task<?> task) {
          tasks.add(new TaskSnapshot(task, task == kernel.currentTask()));
        }
      }
      complete &= node == root;
    } catch (RuntimeException _) {
      complete = false; // a link changed under the walk
    }
    return new LoopSnapshot(
        kernel.loop(), tasks, complete && kernel.carrier() == null && kernel.steps() == steps);
  }

  /**
   * Returns the task with a number.
   *
   * @param id the number
   * @return what it did; null if it had ended, or had not begun
   */
  public @Nullable TaskSnapshot find(long id) {
    return tasks.stream().filter(each -> each.task().id() == id).findFirst().orElse(null);
  }
}

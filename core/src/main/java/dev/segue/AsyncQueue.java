package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue by which tasks of one loop hand items to each other.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="queue"}
 *
 * <p>Tasks that wait to put or to take are served in the order in which they came, and nobody
 * overtakes: an item goes directly to the task that has waited longest to take, and room to the one
 * that has waited longest to put. An item handed to a task is that task's; a task that is cancelled
 * before leaves the item to the next.
 *
 * <p>A queue belongs to the loop of the task that first uses it; from then on it is used on that
 * loop only, and elsewhere its methods throw {@link IllegalStateException}. Until then, any one
 * thread may fill it with {@link #offer}. Counterpart of {@code asyncio.Queue}, {@code LifoQueue}
 * and {@code PriorityQueue} of CPython 3.13.
 *
 * @param <T> the type of the items
 */
public final class AsyncQueue<T> extends LoopBound {
  private final Queue<T> items;
  private final int capacity;
  private final WaitQueue<Exchange<T>> takers = new WaitQueue<>(); // only while there is no item
  private final WaitQueue<Exchange<T>> putters = new WaitQueue<>(); // only while there is no room
  private final WaitQueue<WaitQueue.Waiter> joiners = new WaitQueue<>();
  private int unfinished;
  private boolean shutDown;

  /** The queue has been shut down, and has no item to give. */
  public static final class ShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private ShutDownException() {
      super("the queue has been shut down");
    }
  }

  private AsyncQueue(Queue<T> items, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "capacity must be at least 1, and is "
              + capacity
              + "; use Integer.MAX_VALUE for an unbounded queue");
    }
    this.items = items;
    this.capacity = capacity;
  }

  /**
   * Creates a queue that gives its items in the order in which they were put. Any thread.
   *
   * @param <T> the type of the items
   * @param capacity how many items it holds at the most, at least 1; {@link Integer#MAX_VALUE} for
   *     no bound
   * @return an empty queue
   * @throws IllegalArgumentException if {@code capacity} is less than 1 (in Python that is no
   *     bound, in Java's own queues an error)
   */
  public static <T> AsyncQueue<T> fifo(int capacity) {
    return new AsyncQueue<>(new ArrayDeque<>(), capacity);
  }

  /**
   * Creates a queue that gives the item that was put last first. Any thread.
   *
   * @param <T> the type of the items
   * @param capacity as for {@link #fifo}
   * @return an empty queue
   * @throws IllegalArgumentException if {@code capacity} is less than 1
   */
  public static <T> AsyncQueue<T> lifo(int capacity) {
    return new AsyncQueue<>(Collections.asLifoQueue(new ArrayDeque<>()), capacity);
  }

  /**
   * Creates a queue that gives the least item first, and equal ones in the order in which they were
   * put. Any thread.
   *
   * <p>What {@code order} throws goes to the task that puts the item, also where that task waits
   * for room and another makes room; the item has not been put then, and the others are unharmed.
   *
   * @param <T> the type of the items
   * @param capacity as for {@link #fifo}
   * @param order the order of the items; it must neither wait nor use the queue
   * @return an empty queue
   * @throws IllegalArgumentException if {@code capacity} is less than 1
   */
  public static <T> AsyncQueue<T> priority(int capacity, Comparator<? super T> order) {
    Objects.requireNonNull(order, "order must not be null");
    return new AsyncQueue<>(new SortedItems<>(order), capacity);
  }

  /**
   * Puts an item, and waits for room if there is none.
   *
   * @param item the item
   * @throws ShutDownException if the queue has been shut down, or is while this waits; the item has
   *     not been put
   * @throws Cancelled if the calling task is cancelled; the item has not been put
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public void put(T item) {
    Objects.requireNonNull(item, "item must not be null");
    var task = currentTask("AsyncQueue.put");
    task.checkCancelled();
    if (!accept(item)) {
      exchange(task, putters, item);
    }
  }

  /**
   * Puts an item if there is room.
   *
   * @param item the item
   * @return whether it was put
   * @throws ShutDownException if the queue has been shut down
   * @throws IllegalStateException off the queue's loop
   */
  public boolean offer(T item) {
    Objects.requireNonNull(item, "item must not be null");
    requireLoop("AsyncQueue.offer");
    return accept(item);
  }

  /**
   * Takes the next item, and waits for one if there is none.
   *
   * @return the item
   * @throws ShutDownException if the queue has been shut down and is empty, or is shut down while
   *     this waits
   * @throws Cancelled if the calling task is cancelled; no item has been taken
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public T take() {
    var task = currentTask("AsyncQueue.take");
    task.checkCancelled();
    var item = next();
    return item != null ? item : exchange(task, takers, null);
  }

  /**
   * Takes the next item if there is one.
   *
   * @return the item; empty if there is none
   * @throws ShutDownException if the queue has been shut down and is empty
   * @throws IllegalStateException off the queue's loop
   */
  public Optional<T> poll() {
    requireLoop("AsyncQueue.poll");
    return Optional.ofNullable(next());
  }

  /**
   * Says that the work on an item that was taken is done; {@link #join} waits for that.
   *
   * @throws IllegalStateException if that has been said for every item that was put; off the
   *     queue's loop
   */
  public void taskDone() {
    requireLoop("AsyncQueue.taskDone");
    if (unfinished == 0) {
      throw new IllegalStateException(
          "AsyncQueue.taskDone was called more often than items were put; call it once for each"
              + " item taken");
    }
    finish(1);
  }

  /**
   * Waits until {@link #taskDone} has been called for every item that was put; returns at once,
   * without letting others run, if it has.
   *
   * @throws Cancelled if the calling task is cancelled before
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public void join() {
    var task = currentTask("AsyncQueue.join");
    task.checkCancelled();
    if (unfinished > 0) {
      joiners.await(new WaitQueue.Waiter(task, joiners, Waiting.Kind.JOIN, this));
    }
  }

  /**
   * Shuts this queue down: it takes no more items, and gives those that it has. Whoever waits to
   * put gets {@link ShutDownException}; so do tasks that wait to take, as there is no item for
   * them.
   *
   * @throws IllegalStateException off the queue's loop
   */
  public void shutdown() {
    requireLoop("AsyncQueue.shutdown");
    shutDown = true;
    putters.refuseAll();
    takers.refuseAll();
  }

  /**
   * Shuts this queue down and drops the items that it has. {@link #join} then waits only for the
   * items that were taken before.
   *
   * @throws IllegalStateException off the queue's loop
   */
  public void shutdownNow() {
    requireLoop("AsyncQueue.shutdownNow");
    int dropped = items.size();
    items.clear();
    finish(Math.min(dropped, unfinished));
    shutdown();
  }

  /**
   * Returns how many items there are. Any thread; elsewhere than on the queue's loop the answer may
   * be out of date.
   *
   * @return the count
   */
  public int size() {
    return items.size();
  }

  /**
   * Returns a description: how many items there are, and how many tasks wait. Any thread.
   *
   * @return a text such as {@code queue (2 of 10 items, 0 waiting to take, 0 to put)}
   */
  @Override
  public String toString() {
    return "queue ("
        + items.size()
        + (capacity == Integer.MAX_VALUE ? "" : " of " + capacity)
        + " items, "
        + takers.size()
        + " waiting to take, "
        + putters.size()
        + " to put"
        + (shutDown ? ", shut down)" : ")");
  }

  private boolean accept(T item) {
    if (shutDown) {
      throw new ShutDownException();
    }
    var taker = takers.wakeFirst();
    if (taker != null) {
      taker.item = item;
    } else if (items.size() < capacity) {
      items.add(item);
    } else {
      return false;
    }
    unfinished++;
    return true;
  }

  private @Nullable T next() {
    var item = items.poll();
    if (item == null && shutDown) {
      throw new ShutDownException();
    }
    while (items.size() < capacity && !putters.isEmpty()) {
      admit(putters.first());
    }
    return item;
  }

  /** Puts the item of a task that waits for room; that task gets what the comparator throws. */
  private void admit(Exchange<T> putter) {
    try {
      items.add(Objects.requireNonNull(putter.item));
      unfinished++;
    } catch (Throwable thrown) {
      putter.failure = thrown;
    }
    putters.wakeFirst();
  }

  /** Waits to put the given item, or to take one that is given to the wait. */
  private T exchange(Task<?> task, WaitQueue<Exchange<T>> queue, @Nullable T item) {
    var wait = new Exchange<T>(task, queue, this, item);
    if (!queue.await(wait)) {
      throw new ShutDownException();
    }
    if (wait.failure != null) {
      throw Failures.<RuntimeException>rethrow(wait.failure);
    }
    return Objects.requireNonNull(wait.item);
  }

  private void finish(int count) {
    unfinished -= count;
    if (unfinished == 0) {
      joiners.wakeAll();
    }
  }

  /** A task's wait to put the item that is here, or to take the one that will be here. */
  private static final class Exchange<T> extends WaitQueue.Waiter {
    // Not private: the compiler links it without asking whose nest this is (CompiledTasksTest).
    @Nullable T item;
    @Nullable Throwable failure;

    Exchange(Task<?> task, WaitQueue<Exchange<T>> queue, AsyncQueue<T> what, @Nullable T item) {
      super(task, queue, item == null ? Kind.QUEUE : Kind.ROOM, what);
      this.item = item;
    }
  }
}

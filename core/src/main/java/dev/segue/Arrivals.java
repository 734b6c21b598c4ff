package dev.segue;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads bring to a loop: a lock-free stack that the loop empties in one exchange and
 * handles in the order of arrival. Once closed it takes nothing more.
 */
@LoopConfined
final class Arrivals {
  private static final Arrival CLOSED =
      new Arrival() {
        @Override
        void arrive() {}
      };

  private final AtomicReference<@Nullable Arrival> newest = new AtomicReference<>();

  /** One arrival, to be handled on the loop; pushed once. */
  abstract static class Arrival {
    private @Nullable Arrival next;

    /** Handles this arrival; called on the loop's thread, outside any task. */
    abstract void arrive();
  }

  /** What became of a push. */
  enum Pushed {
    /** The loop has work where it had none: it may have to be woken. */
    FIRST,
    /** Others are waiting already. */
    BEHIND,
    /** The loop has ended. */
    REFUSED
  }

  /** Adds an arrival. */
  @AnyThread
  Pushed push(Arrival arrival) {
    while (true) {
      var head = newest.get();
      if (head == CLOSED) {
        return Pushed.REFUSED;
      }
      arrival.next = head;
      if (newest.compareAndSet(head, arrival)) {
        return head == null ? Pushed.FIRST : Pushed.BEHIND;
      }
    }
  }

  boolean isEmpty() {
    var head = newest.get();
    return head == null || head == CLOSED;
  }

  /** Handles all that has arrived. On the loop only. */
  void drain() {
    var head = newest.get();
    while (head != null && head != CLOSED) {
      if (newest.compareAndSet(head, null)) {
        handle(head, Arrival::arrive);
        return;
      }
      head = newest.get();
    }
  }

  /** Handles all that has arrived and refuses the rest. On the loop only. */
  void close() {
    refuse(Arrival::arrive);
  }

  /**
   * Refuses what comes from now on, unless something is here. On the loop only.
   *
   * @return whether it does
   */
  boolean closeIfEmpty() {
    return newest.compareAndSet(null, CLOSED) || newest.get() == CLOSED;
  }

  /** Does something else with all that has arrived, and refuses the rest. On the loop only. */
  void refuse(Consumer<Arrival> instead) {
    handle(newest.getAndSet(CLOSED), instead);
  }

  private void handle(@Nullable Arrival latest, Consumer<Arrival> action) {
    Arrival oldest = null;
    while (latest != null && latest != CLOSED) {
      var next = latest.next;
      latest.next = oldest;
      oldest = latest;
      latest = next;
    }
    for (var arrival = oldest; arrival != null; ) {
      var next = arrival.next;
      arrival.next = null;
      try {
        action.accept(arrival);
      } catch (Throwable fault) {
        for (var rest = next; rest != null; rest = next) { // so that they can be refused
          next = rest.next;
          push(rest);
        }
        throw fault;
      }
      arrival = next;
    }
  }
}

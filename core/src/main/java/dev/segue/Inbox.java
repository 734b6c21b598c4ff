package dev.segue;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads bring to a loop: a lock-free stack of messages, which the loop takes in one
 * exchange and handles in the order in which they came, whatever they are about. So a thread that
 * hands over work, or cancels, and then ends what a task waits for, has both happen in that order.
 * Once closed it takes nothing more.
 */
@LoopConfined
final class Inbox {
  private static final Message CLOSED =
      new Message() {
        @Override
        void receive() {}
      };

  private final AtomicReference<@Nullable Message> newest = new AtomicReference<>();
  private @Nullable Message oldest; // of those that the loop has taken and not handled yet

  /** One message, to be handled on the loop; pushed once. */
  abstract static class Message {
    private @Nullable Message next;

    /** Handles this message; called on the loop's thread, outside any task. */
    abstract void receive();
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

  /** Adds a message. */
  @AnyThread
  Pushed push(Message message) {
    while (true) {
      var head = newest.get();
      if (head == CLOSED) {
        return Pushed.REFUSED;
      }
      message.next = head;
      if (newest.compareAndSet(head, message)) {
        return head == null ? Pushed.FIRST : Pushed.BEHIND;
      }
    }
  }

  boolean isEmpty() {
    return oldest == null && isEmptyOrClosed();
  }

  private boolean isEmptyOrClosed() {
    var head = newest.get();
    return head == null || head == CLOSED;
  }

  /**
   * Handles what has arrived.
   *
   * @param most how many at most; the others are handled the next time
   */
  void drain(int most) {
    if (oldest == null && !isEmptyOrClosed()) {
      oldest = takeAll(null);
    }
    for (int left = most; left > 0 && oldest != null; left--) {
      handleOldest(Message::receive);
    }
  }

  /**
   * Refuses what comes from now on, unless something is here.
   *
   * @return whether it does
   */
  boolean closeIfEmpty() {
    return oldest == null && (newest.compareAndSet(null, CLOSED) || newest.get() == CLOSED);
  }

  /** Does something else with all that has arrived, and refuses the rest. */
  void refuse(Consumer<Message> instead) {
    var later = takeAll(CLOSED); // first: who is told by what follows finds this closed
    while (oldest != null) {
      handleOldest(instead);
    }
    oldest = later;
    while (oldest != null) {
      handleOldest(instead);
    }
  }

  private void handleOldest(Consumer<Message> action) {
    var message = Objects.requireNonNull(oldest);
    action.accept(message); // if that throws, it is still here to be refused
    oldest = message.next;
    message.next = null;
  }

  /** Takes what has been pushed; returns the first of it, which leads to the others. */
  private @Nullable Message takeAll(@Nullable Message instead) {
    var latest = newest.getAndSet(instead);
    Message first = null;
    while (latest != null && latest != CLOSED) {
      var next = latest.next;
      latest.next = first;
      first = latest;
      latest = next;
    }
    return first;
  }
}

package dev.segue;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads bring to a loop: a lock-free stack that the loop empties in one exchange and
 * handles in the order in which they came. Once closed it takes nothing more.
 */
@LoopConfined
final class Inbox {
  private static final Message CLOSED =
      new Message() {
        @Override
        void receive() {}
      };

  private final AtomicReference<@Nullable Message> newest = new AtomicReference<>();

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
    var head = newest.get();
    return head == null || head == CLOSED;
  }

  /** Handles all that has arrived. */
  void drain() {
    var head = newest.get();
    while (head != null && head != CLOSED) {
      if (newest.compareAndSet(head, null)) {
        handle(head, Message::receive);
        return;
      }
      head = newest.get();
    }
  }

  /** Handles all that has arrived and refuses the rest. */
  void close() {
    refuse(Message::receive);
  }

  /**
   * Refuses what comes from now on, unless something is here.
   *
   * @return whether it does
   */
  boolean closeIfEmpty() {
    return newest.compareAndSet(null, CLOSED) || newest.get() == CLOSED;
  }

  /** Does something else with all that has arrived, and refuses the rest. */
  void refuse(Consumer<Message> instead) {
    handle(newest.getAndSet(CLOSED), instead);
  }

  private void handle(@Nullable Message latest, Consumer<Message> action) {
    Message oldest = null;
    while (latest != null && latest != CLOSED) {
      var next = latest.next;
      latest.next = oldest;
      oldest = latest;
      latest = next;
    }
    for (var message = oldest; message != null; ) {
      var next = message.next;
      message.next = null;
      try {
        action.accept(message);
      } catch (Throwable fault) {
        for (var rest = next; rest != null; rest = next) { // so that they can be refused
          next = rest.next;
          push(rest);
        }
        throw fault;
      }
      message = next;
    }
  }
}

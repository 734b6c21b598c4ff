package dev.segue;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An interrupt that reaches a task before its cancel does. A task that holds its loop, in a
 * computation or in a JDK wait that does not give the loop back, also holds up the cancel or the
 * time-out that would end it: the loop delivers neither before it has the task's thread back. So
 * another thread, the {@link Watchdog}'s, looks at such tasks, and has the ones that are cancelled
 * interrupted.
 *
 * <pre>
 *          a look begins         it is cancelled          a thread starts on it    interrupted
 *  (none) ---------------&gt; LOOKING --------------&gt; ASKED_FOR -----------&gt; UNDER_WAY -----------&gt; CAME
 *     ^                     |    |                     |                                       |
 *     |   it is not         |    | withdraw            | withdraw                              | withdraw
 *     +---------------------+    v                     v                                       v
 *                            WITHDRAWN: no interrupt will come              the loop: it has come
 * </pre>
 *
 * <p>The loop withdraws where it delivers the cancel itself, and where the task leaves the scope or
 * enters the shield that makes the interrupt wrong. {@link #withdraw} returns only when it is
 * certain whether the interrupt has come, so that the loop can count it or take it back.
 *
 * <p><b>The handshake.</b> The look reads what is confined to the loop: the task's innermost node,
 * and each node's parent, deadline and state. The looker first publishes its attempt in the task,
 * then reads; the loop first writes, then looks for an attempt; a full fence lies between the two
 * on either side. So the looker sees what the loop wrote, or the loop sees the attempt and
 * withdraws it. Every single value that is read is whole: they are references to objects with final
 * fields, and flags.
 */
final class EarlyInterrupt {
  private enum State {
    LOOKING,
    ASKED_FOR,
    UNDER_WAY,
    CAME,
    WITHDRAWN
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.LOOKING);

  private EarlyInterrupt() {}

  /** Looks at a task that holds its loop, and has it interrupted if need be. */
  @AnyThread
  static void look(Coroutine<?> task) {
    var attempt = new EarlyInterrupt();
    if (!task.beginEarlyInterrupt(attempt)) {
      return;
    }
    boolean asked = false;
    try {
      VarHandle.fullFence();
      var request = undelivered(task);
      asked = request != null && attempt.ask(task, request);
    } finally {
      if (!asked) {
        task.endEarlyInterrupt(attempt);
      }
    }
  }

  /** The cancel that the task has yet to be told of, if any. */
  @AnyThread(because = "of the handshake")
  private static @Nullable CancelRequest undelivered(Coroutine<?> task) {
    var here = task.innermost();
    if (task.isInterruptedByUs() || here.isEffective()) {
      return null;
    }
    long now = task.kernel().clock().nanoTime();
    for (CancelNode node = here; node != null; node = node.parent()) {
      if (node instanceof CancelScope scope) {
        scope.expireIfDue(now);
      }
      if (node.isShield()) {
        break;
      }
    }
    return here.outermostRequest();
  }

  /** Has a thread interrupt the task: closing a channel, which an interrupt does, can block. */
  private boolean ask(Coroutine<?> task, CancelRequest request) {
    if (!state.compareAndSet(State.LOOKING, State.ASKED_FOR)) {
      return false;
    }
    WorkerThreads.doElsewhere(() -> {
      if (state.compareAndSet(State.ASKED_FOR, State.UNDER_WAY)) {
        try {
          task.interruptEarly(request);
        } finally {
          state.set(State.CAME);
        }
      }
    });
    return true;
  }

  /**
   * Sees to it that the interrupt does not come any more. Called on the loop.
   *
   * @return whether it has come
   */
  boolean withdraw() {
    while (true) {
      switch (state.get()) {
        case LOOKING, ASKED_FOR -> {
          if (state.compareAndSet(State.LOOKING, State.WITHDRAWN)
              || state.compareAndSet(State.ASKED_FOR, State.WITHDRAWN)) {
            return false;
          }
        }
        case UNDER_WAY -> Thread.onSpinWait();
        case CAME -> {
          return true;
        }
        case WITHDRAWN -> {
          return false;
        }
      }
    }
  }

  @Override
  public String toString() {
    return state.get().toString();
  }
}

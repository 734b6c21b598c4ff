package dev.segue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task's wait for something that ends outside its loop, on any thread: its end is a message to
 * the loop.
 */
@LoopConfined
abstract class OutsideWait extends Inbox.Message implements Wait {
  private final Kind kind;
  private final String what;

  /** Null once given up, so that what never ends does not hold the task. Any thread reads it. */
  private volatile @Nullable Task<?> waiter;

  private boolean isWork;
  private boolean ended;
  private boolean arrived; // by the inbox

  OutsideWait(Task<?> waiter, Kind kind, String what) {
    this.waiter = waiter;
    this.kind = kind;
    this.what = what;
  }

  /** Gives up what is waited for; returns false where its end has to be awaited all the same. */
  abstract boolean giveUp();

  /** Has another task wait, after the one before has given up. */
  final void takeOver(Task<?> newWaiter) {
    waiter = newWaiter;
  }

  /** The task that waits, as long as it does. */
  @AnyThread
  final Task<?> waiter() {
    return Objects.requireNonNull(waiter);
  }

  final boolean hasEnded() {
    return ended;
  }

  /** Suspends the task until the end has come. */
  final void await() {
    if (!ended) {
      waiter().suspend(this);
    } else if (arrived) {
      waiter().letOthersRun(); // what arrived before it goes first
    }
  }

  /** As {@link #await}, for work that a virtual clock must not run ahead of. */
  final void awaitWork() {
    var kernel = waiter().kernel();
    isWork = true;
    kernel.outsideWorkStarted();
    try {
      await();
    } finally {
      kernel.outsideWorkEnded();
    }
  }

  /** What is waited for has ended. Once. */
  @AnyThread(because = "it asks first whether this is the loop")
  final void end() {
    var task = waiter;
    if (task == null) {
      return;
    }
    if (task.kernel().isCaughtUp()) {
      receive(false);
    } else {
      task.kernel().wake(this);
    }
  }

  @Override
  final void receive() {
    receive(true);
  }

  private void receive(boolean byInbox) {
    ended = true;
    arrived = byInbox;
    var task = waiter;
    if (task != null) {
      task.wakeUp(this);
    }
  }

  @Override
  public final boolean abort() {
    if (!giveUp()) {
      return false;
    }
    waiter = null;
    return true;
  }

  @Override
  public final Kind kind() {
    return kind;
  }

  @Override
  public final boolean isForWork() {
    return isWork;
  }

  @Override
  public final String describe() {
    return what;
  }
}

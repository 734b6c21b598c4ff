package dev.segue;

import dev.segue.futures.internal.Deadlines;

/** A task's wait for a time. */
@LoopConfined
final class Sleep extends Timer implements Wait {
  private final Task<?> task;

  private Sleep(Task<?> task, long deadline) {
    super(deadline);
    this.task = task;
  }

  /** Suspends a task, which is the one that runs, for {@code nanos}. */
  static void in(Task<?> task, long nanos) {
    task.checkCancelled();
    var kernel = task.kernel();
    var sleep = new Sleep(task, Deadlines.deadline(kernel.clock().nanoTime(), nanos));
    kernel.timers().add(sleep);
    task.suspend(sleep);
  }

  @Override
  void fire() {
    task.wakeUp(this);
  }

  @Override
  public boolean abort() {
    task.kernel().timers().remove(this);
    return true;
  }

  @Override
  public Kind kind() {
    return Kind.SLEEP;
  }

  @Override
  public String describe() {
    return "sleep";
  }
}

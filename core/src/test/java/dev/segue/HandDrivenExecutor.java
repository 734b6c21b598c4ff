package dev.segue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** An executor whose tasks run when the test runs them. */
class HandDrivenExecutor extends AbstractExecutorService {
  /** Every task it was given. */
  final List<FutureTask<?>> tasks = new ArrayList<>();

  /** What it does after each that it is given. */
  Runnable onTask = () -> {};

  /** One that runs each task where it is given. */
  static HandDrivenExecutor direct() {
    var direct = new HandDrivenExecutor();
    direct.onTask = () -> direct.tasks.getLast().run();
    return direct;
  }

  @Override
  public void execute(Runnable command) {
    tasks.add((FutureTask<?>) command);
    onTask.run();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long time, TimeUnit unit) {
    return true;
  }
}

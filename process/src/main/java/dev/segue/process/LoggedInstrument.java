package dev.segue.process;

import dev.segue.futures.PoolInstrument;
import java.util.concurrent.Future;

/** The program's instrument, whose exceptions are logged: a faulty tool does not stop the pool. */
record LoggedInstrument(PoolInstrument tool) implements PoolInstrument {
  /** The instrument of a pool that has none. */
  static final PoolInstrument NONE = new PoolInstrument() {};

  @Override
  public void submitted(long task, String name) {
    call(() -> tool.submitted(task, name));
  }

  @Override
  public void given(long task, String worker) {
    call(() -> tool.given(task, worker));
  }

  @Override
  public void ended(long task, Future.State how) {
    call(() -> tool.ended(task, how));
  }

  @Override
  public void workerStarted(String worker) {
    call(() -> tool.workerStarted(worker));
  }

  @Override
  public void workerEnded(String worker) {
    call(() -> tool.workerEnded(worker));
  }

  private static void call(Runnable told) {
    try {
      told.run();
    } catch (Throwable thrown) {
      Log.error("an instrument of a process pool threw", thrown);
    }
  }
}

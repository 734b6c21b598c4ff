package dev.segue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An instrument whose exceptions are logged, so that a faulty tool does not stop the loop; and
 * which is known while it is called, so that its looks at a task do not count as the program's.
 */
final class GuardedInstrument implements Instrument {
  private final Instrument instrument;
  private @Nullable Thread caller; // racy, but a thread writes itself only here, and takes it back

  GuardedInstrument(Instrument instrument) {
    this.instrument = instrument;
  }

  @AnyThread
  boolean isCalledBy(Thread thread) {
    return caller == thread;
  }

  @Override
  public void created(Task<?> task) {
    guard(tool -> tool.created(task));
  }

  @Override
  public void resumed(Task<?> task) {
    guard(tool -> tool.resumed(task));
  }

  @Override
  public void waiting(Task<?> task, String on) {
    guard(tool -> tool.waiting(task, on));
  }

  @Override
  public void done(Task<?> task) {
    guard(tool -> tool.done(task));
  }

  private void guard(Consumer<Instrument> call) {
    caller = Thread.currentThread();
    try {
      call.accept(instrument);
    } catch (Throwable thrown) {
      Log.error("an instrument threw", thrown);
    } finally {
      caller = null;
    }
  }
}

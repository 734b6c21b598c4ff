package dev.segue;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** An instrument whose exceptions are logged, so that a faulty tool does not stop the loop. */
record GuardedInstrument(Instrument instrument) implements Instrument {
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
    try {
      call.accept(instrument);
    } catch (Throwable thrown) {
      Log.log(Level.ERROR, "an instrument threw", thrown);
    }
  }
}

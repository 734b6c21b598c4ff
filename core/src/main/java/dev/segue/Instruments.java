package dev.segue;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instruments of one loop. Their exceptions are logged, so that a faulty tool does not stop the
 * loop; and while one is called that is known, so that its looks at a task do not count as the
 * program's.
 */
@LoopConfined
final class Instruments implements Instrument {
  private volatile Instrument[] tools; // replaced, never changed: a tool may remove itself

  /** The id of the thread that calls, or 0. Not the thread: storing an object costs more. */
  private long caller;

  Instruments(List<Instrument> tools) {
    this.tools = tools.toArray(Instrument[]::new);
  }

  @AnyThread
  boolean isEmpty() {
    return tools.length == 0;
  }

  void add(Instrument tool) {
    var more = Arrays.copyOf(tools, tools.length + 1);
    more[tools.length] = tool;
    tools = more;
  }

  void remove(Instrument tool) {
    tools = Arrays.stream(tools).filter(each -> each != tool).toArray(Instrument[]::new);
  }

  @AnyThread(because = "a thread writes itself only here, and takes it back")
  boolean isCalledBy(Thread thread) {
    return caller == thread.threadId();
  }

  // Loops, and not one method that is given a lambda: nothing is allocated.

  @Override
  public void created(Task<?> task) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.created(task);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.ready(task, by, waker, late);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void resumed(Task<?> task) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.resumed(task);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void waiting(Task<?> task, Waiting on) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.waiting(task, on);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void returned(Task<?> task) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.returned(task);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.cancelRequested(task, reason, by);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void idle() {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.idle();
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void ended() {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.ended();
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void done(Task<?> task, Outcome<?> outcome) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.done(task, outcome);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void unobserved(Task<?> task, Throwable failure) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.unobserved(task, failure);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void deadlocked(DeadlockException deadlock) {
    long before = enter();
    for (var tool : tools) {
      try {
        tool.deadlocked(deadlock);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  public void abandoned(Task<?> task, long lock) {
    var before = enter();
    for (var tool : tools) {
      try {
        tool.abandoned(task, lock);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
    caller = before;
  }

  @Override
  @AnyThread
  public void stalled(Stall stall) {
    for (var tool : tools) {
      try {
        tool.stalled(stall);
      } catch (Throwable thrown) {
        log(thrown);
      }
    }
  }

  private long enter() {
    long before = caller; // a tool's call may lead to another one
    caller = Thread.currentThread().threadId();
    return before;
  }

  @AnyThread
  private static void log(Throwable thrown) {
    Log.error("an instrument threw", thrown);
  }
}

package dev.segue;

import java.util.Objects;

/**
 * Thrown by a {@link Schedule} or a {@link LoopClock} that has decided that a run is over, because
 * its tasks hang, say, or never end: the loop ends the run, and throws this from {@link
 * EventLoop#run(Body)}. Nothing is logged. What an {@link Instrument} throws is logged instead: one
 * that decides this tells its schedule or its clock.
 *
 * <p>The first one <em>unwinds</em> the tasks. As at the end of any run, all of them are cancelled:
 * each Segue wait throws {@link Cancelled}, each JDK wait is interrupted. What the tasks do then
 * takes steps, so the schedule and the clock are asked as before. The run ends once the last task
 * has ended. A task may decline for ever: it catches {@code Cancelled} and goes on, hangs in a
 * shield, waits for work that does not end, or is in a JDK wait that ignores interrupts, such as
 * {@link java.util.concurrent.locks.Lock#lock}. So a tool gives the unwinding a budget of its own,
 * and throws again where that is spent, or where the loop is idle and nothing will come.
 *
 * <p>The second one <em>gives up</em> the tasks that are left: they fail, run no further, and their
 * {@code finally} blocks do not run; work in other threads goes on to its end. The loop is closed.
 * On the carrier engine the threads of these tasks have ended then, and their memory is freed with
 * the last reference to it. The JDK itself has one to a thread in a contended {@code synchronized}
 * or in {@link Object#wait()}, as long as that lasts, and to one in a timed wait, until its time
 * has come. On the portable engine it keeps every thread that has begun and has not ended, unless
 * the JVM was started with {@code -Djdk.trackAllThreads=false}.
 *
 * <p>To be thrown by {@link Schedule#next()}, before it removes a task, by {@link Schedule#size()},
 * and by the methods of the clock that the loop calls between two steps. From {@link Schedule#add}
 * it gives up at once, since a task that was not added cannot be unwound. A tool may have a
 * subclass that says more.
 */
public class RunAbandoned extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param reason why the run is over; the {@link Cancelled#reason()} of the tasks
   */
  public RunAbandoned(String reason) {
    super(Objects.requireNonNull(reason, "reason must not be null"));
  }
}

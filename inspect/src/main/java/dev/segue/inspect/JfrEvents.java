package dev.segue.inspect;

/**
 * Events of Segue's in the JDK's Flight Recorder: {@code dev.segue.Task}, {@code dev.segue.Wait},
 * {@code dev.segue.Stall}, {@code dev.segue.PoolTask} and {@code dev.segue.LoopStatistics}.
 *
 * <p>Turned on, they are in every recording, however it is started: by {@code
 * -XX:StartFlightRecording}, {@code jcmd PID JFR.start}, or the program. While none runs they cost
 * nothing, and are not even loaded. While one runs, every loop of the JVM pays about 100 ns for
 * each switch from task to task. The JVM itself makes a switch about 70 ns dearer with the first
 * recording of any kind, for the rest of its life.
 *
 * <p>A wait is recorded on the thread of the task that waited, so that its stack is that of the
 * task's code. Tasks and waits of 10 ms and longer are recorded, as by the JDK's own events; a
 * recording may set another threshold. The JDK's waits inside tasks, such as {@code Thread.sleep}
 * and sockets, have events of the JDK's.
 */
public final class JfrEvents {
  private JfrEvents() {}

  /**
   * Turns the events on for the rest of the program. Does nothing the second time. Takes a few
   * milliseconds, once.
   *
   * @return whether this JVM has a Flight Recorder: false where it lacks the module {@code jdk.jfr}
   */
  public static boolean turnOn() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent() && JfrListener.listen();
  }
}

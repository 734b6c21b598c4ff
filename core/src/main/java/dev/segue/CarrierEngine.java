package dev.segue;

import dev.segue.futures.internal.Failures;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as virtual threads that the loop's own thread carries.
 *
 * <p>The JDK has no public way to choose a virtual thread's scheduler (a {@code
 * VirtualThreadScheduler} is planned), so this reaches into {@code java.lang}, which has to be
 * opened on the command line or in the jar's manifest.
 */
final class CarrierEngine implements TaskEngine {
  private static final @Nullable Internals INTERNALS;
  private static final @Nullable Throwable UNAVAILABLE;

  // Constants of their own, so that the JIT folds them.
  private static final @Nullable Class<?> VIRTUAL_THREAD;
  private static final @Nullable VarHandle SCHEDULER;

  static {
    Internals internals = null;
    Throwable unavailable = null;
    try {
      internals = Internals.find();
    } catch (Throwable e) {
      unavailable = e;
    }
    INTERNALS = internals;
    UNAVAILABLE = unavailable;
    VIRTUAL_THREAD = internals == null ? null : internals.virtualThread;
    SCHEDULER = internals == null ? null : internals.scheduler;
  }

  private static final long PATIENCE_NANOS = 50_000_000;

  private static final CarrierEngine INSTANCE = new CarrierEngine();

  private volatile boolean hasEndedAThread; // a few more do no harm

  private CarrierEngine() {}

  /**
   * Returns the engine.
   *
   * @throws IllegalStateException where this JVM does not let it run, naming the option that would
   */
  static CarrierEngine get() {
    if (INTERNALS == null) {
      throw new IllegalStateException(howToEnable(), UNAVAILABLE);
    }
    return INSTANCE;
  }

  /** The task that the calling thread runs; null where it runs none. */
  static @Nullable Task<?> currentTask() {
    return taskOf(Thread.currentThread());
  }

  /** The task that a thread runs; null where it runs none. */
  static @Nullable CarrierTask<?> taskOf(Thread thread) {
    if (VIRTUAL_THREAD == null || SCHEDULER == null || !VIRTUAL_THREAD.isInstance(thread)) {
      return null;
    }
    // A thread that a library starts inside a task has the task's scheduler, but is not its thread.
    return (Executor) SCHEDULER.get(thread) instanceof CarrierTask<?> task
            && task.thread() == thread
        ? task
        : null;
  }

  static Thread newVirtualThread(Executor scheduler, @Nullable String name, Runnable body) {
    try {
      return (Thread) internals().newVirtualThread.invokeExact(scheduler, name, 0, body);
    } catch (Throwable e) {
      throw Failures.rethrow(e);
    }
  }

  @Override
  public EventLoop.Engine kind() {
    return EventLoop.Engine.CARRIER;
  }

  @Override
  public <T extends @Nullable Object> Task<T> newTask(TaskSpec<T> spec) {
    return new CarrierTask<>(spec);
  }

  @Override
  public int kilobytesOfAnOperation() {
    return 3;
  }

  @Override
  public long patienceNanos() {
    return PATIENCE_NANOS;
  }

  @Override
  public Stall.Cause causeOfWait() {
    return Stall.Cause.PINNED_WAIT;
  }

  /**
   * Frees a virtual thread from a fault of JDK 25: after a timed {@code Object.wait} its state can
   * stay {@code BLOCKING}, and its next monitor waits then hold the carrier for good.
   */
  @Override
  public boolean repair(Thread thread) {
    var internals = internals();
    return (int) internals.state.getVolatile(thread) == Internals.BLOCKING
        && isInObjectWait(thread.getStackTrace())
        && internals.state.compareAndSet(thread, Internals.BLOCKING, Internals.RUNNING);
  }

  private static boolean isInObjectWait(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .anyMatch(frame ->
            frame.getClassName().equals("java.lang.Object")
                && frame.getMethodName().equals("wait0"));
  }

  /**
   * Makes a thread that is not mounted, and will never run again, one that has ended: the JDK has a
   * list of the others, which would keep it, and all that its stack refers to, for good.
   */
  static void giveUp(Thread thread) {
    try {
      internals().afterDone.invokeExact(thread, true);
    } catch (Throwable thrown) { // no memory, say
      Log.debug("the JDK keeps a thread that will never run again", thrown);
    }
  }

  /** Whether an unmounted virtual thread is in {@code Object.wait}, and nobody has ended that. */
  static boolean isInObjectWait(Thread thread) {
    int state = (int) internals().state.getVolatile(thread) & ~Internals.SUSPENDED;
    return state == Internals.WAIT || state == Internals.TIMED_WAIT;
  }

  /** Whether an unmounted virtual thread waits, or has ended, and so cannot run. */
  static boolean cannotRun(Thread thread) {
    int state = (int) internals().state.getVolatile(thread);
    return switch (state & ~Internals.SUSPENDED) {
      case Internals.PARKED,
          Internals.TIMED_PARKED,
          Internals.BLOCKED,
          Internals.WAIT,
          Internals.TIMED_WAIT,
          Internals.TERMINATED ->
          true;
      default -> false;
    };
  }

  @Override
  public void begin(Kernel loop) {
    // Loads what ends a virtual thread: many tasks may be compiled, and wait, before one has ended
    // (CompiledTasksTest).
    if (!hasEndedAThread) {
      newVirtualThread(Runnable::run, null, () -> {}).start();
      hasEndedAThread = true;
    }
    socketPollers().begin(loop);
  }

  @Override
  public void end(Kernel loop) {
    socketPollers().end(loop);
  }

  /** Takes a virtual thread that is no task's own, but has a task's scheduler. */
  static void executeForeign(Runnable thread) {
    socketPollers().execute(thread);
  }

  private static SocketPollers socketPollers() {
    return internals().socketPollers;
  }

  private static Internals internals() {
    if (INTERNALS == null) {
      throw new IllegalStateException(howToEnable(), UNAVAILABLE);
    }
    return INTERNALS;
  }

  private static String howToEnable() {
    if (UNAVAILABLE instanceof Error) { // no memory, or no thread, when the JDK set itself up
      return "the JVM could not set up its virtual threads: " + Failures.describe(UNAVAILABLE);
    }
    var module = CarrierEngine.class.getModule();
    var target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    var java = Runtime.version();
    return java.feature() < 25
        ? "Segue needs JDK 25 or later, and this is " + java
        : "the event loop cannot schedule virtual threads in this JVM; start java with"
            + " --add-opens java.base/java.lang="
            + target
            + " (an executable jar can say Add-Opens: java.base/java.lang in its manifest instead),"
            + " or with -Dsegue.engine=portable, where a task's JDK waits hold the loop";
  }

  /** What this needs of the JDK, looked up once. */
  private record Internals(
      Class<?> virtualThread,
      MethodHandle newVirtualThread,
      VarHandle scheduler,
      VarHandle state,
      MethodHandle afterDone,
      SocketPollers socketPollers) {

    // States of java.lang.VirtualThread.
    static final int RUNNING = 2;
    static final int PARKED = 4;
    static final int TIMED_PARKED = 7;
    static final int BLOCKING = 12;
    static final int BLOCKED = 13;
    static final int WAIT = 16;
    static final int TIMED_WAIT = 18;
    static final int TERMINATED = 99;

    /** Beside one of the others: a thread dump looks at the thread just now. */
    static final int SUSPENDED = 1 << 8;

    static Internals find() throws Throwable {
      var virtualThread = Class.forName("java.lang.VirtualThread");
      var builders = Class.forName("java.lang.ThreadBuilders");
      var inThread = MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup());
      var inBuilders = MethodHandles.privateLookupIn(builders, MethodHandles.lookup());
      var defaultScheduler =
          inThread.findStatic(
              virtualThread, "defaultScheduler", MethodType.methodType(Executor.class));
      return new Internals(
          virtualThread,
          inBuilders.findStatic(
              builders,
              "newVirtualThread",
              MethodType.methodType(
                  Thread.class, Executor.class, String.class, int.class, Runnable.class)),
          inThread.findVarHandle(virtualThread, "scheduler", Executor.class),
          inThread.findVarHandle(virtualThread, "state", int.class),
          inThread
              .findVirtual(
                  virtualThread, "afterDone", MethodType.methodType(void.class, boolean.class))
              .asType(MethodType.methodType(void.class, Thread.class, boolean.class)),
          new SocketPollers((Executor) defaultScheduler.invoke()));
    }
  }
}

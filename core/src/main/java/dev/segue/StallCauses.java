package dev.segue;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Why a task holds its loop, told from two looks at it and from what the JVM counted meanwhile.
 *
 * <p>A thread's state and its stack are never of the same moment, and on a busy machine much
 * happens between them. So only what two looks agree about is believed.
 */
final class StallCauses {
  /** How many classes are loaded by something that is used for the first time. */
  private static final int CLASSES_OF_A_FIRST_USE = 50;

  private static final long SPINNING_NANOS = Duration.ofSeconds(2).toNanos();

  /** How far below the top of a stack the call of a wait may be. */
  private static final int FRAMES_OF_A_WAIT = 6;

  private StallCauses() {}

  private static boolean beginsTurn(StackTraceElement frame) {
    return frame.getClassName().equals("dev.segue.Kernel")
        && frame.getMethodName().equals("beginTurn");
  }

  /** Whether a task computes, by the CPU time of its loop's thread. */
  enum Computing {
    YES,
    NO,
    /** Nothing tells the CPU time of a virtual thread that is not a loop's own. */
    UNKNOWN
  }

  /**
   * One look at a loop and the task that holds it.
   *
   * @param steps the loop's count of steps
   * @param idle whether the loop waited for something to do
   * @param task the task that ran
   * @param before the state of the task's thread before the stack was taken
   * @param stack its stack, the innermost frame first
   * @param after its state afterwards
   */
  record Look(
      long steps,
      boolean idle,
      @Nullable Object task,
      Thread.State before,
      List<StackTraceElement> stack,
      Thread.State after) {

    private boolean isWait() {
      return Interruptions.isWait(before);
    }

    /** Whether what was seen can be of one moment. */
    private boolean fits() {
      boolean inWait = stack.stream().limit(FRAMES_OF_A_WAIT).anyMatch(StallCauses::isWait);
      return isWait() == Interruptions.isWait(after)
          && (before == Thread.State.BLOCKED || isWait() == inWait);
    }

    /** Whether both saw the same step, and the task in it in the same state. */
    private boolean agreesWith(Look other) {
      return fits()
          && other.fits()
          && !idle
          && !other.idle
          && steps == other.steps
          && task == other.task
          && isWait() == other.isWait();
    }

    /** On the portable engine, the thread of a task does it. */
    private boolean isLoopsOwnWork() {
      return task == null || has(StallCauses::beginsTurn);
    }

    private boolean isAtTop(Predicate<StackTraceElement> kind) {
      return !stack.isEmpty() && kind.test(stack.getFirst());
    }

    private boolean has(Predicate<StackTraceElement> kind) {
      return stack.stream().anyMatch(kind);
    }
  }

  /**
   * What the JVM counted since the task's step began to take long.
   *
   * @param nanos for how long that is
   * @param computing whether the loop's thread had a processor
   * @param collecting for how long the garbage collector stopped all threads
   * @param classes how many classes were loaded
   * @param initializing the classes whose initializers other threads are in
   * @param common the frames, outermost first, that each look had in common
   */
  record Since(
      long nanos,
      Computing computing,
      long collecting,
      long classes,
      List<String> initializing,
      List<StackTraceElement> common) {}

  /**
   * The cause; null where the two looks do not agree.
   *
   * @param wait what it is if the task waits
   */
  static Stall.@Nullable Cause of(Stall.Cause wait, Look first, Look second, Since since) {
    if (!first.agreesWith(second)) {
      return null;
    }
    if (first.isLoopsOwnWork() && second.isLoopsOwnWork()) {
      return Stall.Cause.LOOP;
    }
    if (second.isWait()) {
      return wait;
    }
    boolean computes = since.computing == Computing.YES;
    if (!computes
        && (first.isAtTop(StallCauses::isSystemCall)
            || second.isAtTop(StallCauses::isSystemCall))) {
      return Stall.Cause.NATIVE_CALL;
    }
    if (2 * since.collecting > since.nanos) {
      return Stall.Cause.NO_PROCESSOR;
    }
    if (!computes && isOneOf(since.initializing, second) && stays(first, second)) {
      return Stall.Cause.CLASS_INITIALIZATION;
    }
    if (since.computing == Computing.NO) {
      return Stall.Cause.NO_PROCESSOR;
    }
    if (isFirstUse(first, second, since.classes)) {
      return Stall.Cause.CLASS_LOADING;
    }
    return since.nanos >= SPINNING_NANOS && isInLibrary(since.common)
        ? Stall.Cause.SPIN_WAIT
        : Stall.Cause.CPU;
  }

  /** The frames that two stacks, outermost first, begin with, whatever their lines. */
  static List<StackTraceElement> common(
      List<StackTraceElement> first, List<StackTraceElement> second) {
    int same = 0;
    while (same < Math.min(first.size(), second.size())
        && isSameMethod(first.get(same), second.get(same))) {
      same++;
    }
    return second.subList(0, same);
  }

  private static boolean stays(Look first, Look second) {
    return first.isAtTop(top -> second.isAtTop(top::equals));
  }

  /** Whether the task may wait for one of these classes: it runs no code of it. */
  private static boolean isOneOf(List<String> initializing, Look look) {
    return initializing.stream()
        .anyMatch(name -> !look.has(frame -> frame.getClassName().equals(name)));
  }

  private static boolean isFirstUse(Look first, Look second, long classes) {
    boolean inFirst = first.has(StallCauses::isLoading);
    boolean inSecond = second.has(StallCauses::isLoading);
    return (inFirst && inSecond) || ((inFirst || inSecond) && classes >= CLASSES_OF_A_FIRST_USE);
  }

  /**
   * Whether the innermost of these frames, but for the JDK's, is of a library that the task's own
   * code has called.
   */
  private static boolean isInLibrary(List<StackTraceElement> frames) {
    var vendors =
        frames.stream()
            .filter(frame -> !LibraryFrames.contain(frame))
            .map(StallCauses::vendor)
            .toList();
    return !vendors.isEmpty() && !vendors.getFirst().equals(vendors.getLast());
  }

  private static boolean isWait(StackTraceElement frame) {
    var method = frame.getMethodName();
    return switch (frame.getClassName()) {
      case "jdk.internal.misc.Unsafe", "java.lang.VirtualThread" -> method.startsWith("park");
      case "java.lang.Thread" -> method.startsWith("sleep");
      case "java.lang.Object" -> method.startsWith("wait");
      default -> false;
    };
  }

  /** Whether a native method may wait in the system: not if it is known to compute. */
  private static boolean isSystemCall(StackTraceElement frame) {
    var name = frame.getClassName();
    boolean computes =
        (name.startsWith("java.lang.") && !name.startsWith("java.lang.Process"))
            || name.startsWith("java.util.zip.")
            || name.startsWith("jdk.internal.misc.")
            || name.startsWith("jdk.internal.reflect.")
            || name.startsWith("jdk.internal.vm.");
    return frame.isNativeMethod() && !computes;
  }

  private static boolean isLoading(StackTraceElement frame) {
    var name = frame.getClassName();
    return frame.getMethodName().equals("<clinit>")
        || name.equals("java.lang.ClassLoader")
        || name.equals("java.net.URLClassLoader")
        || name.startsWith("jdk.internal.loader.")
        || (name.equals("java.lang.invoke.MethodHandleNatives")
            && frame.getMethodName().startsWith("link"));
  }

  private static boolean isSameMethod(StackTraceElement first, StackTraceElement second) {
    return first.getClassName().equals(second.getClassName())
        && first.getMethodName().equals(second.getMethodName());
  }

  /** The first two parts of a class's package, such as {@code org.apache}. */
  private static String vendor(StackTraceElement frame) {
    var name = frame.getClassName();
    int end = name.indexOf('.', name.indexOf('.') + 1);
    return name.substring(0, end < 0 ? Math.max(0, name.lastIndexOf('.')) : end);
  }
}

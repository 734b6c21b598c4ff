package dev.segue.bench.program;

import static dev.segue.bench.program.Protocol.counted;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;

/**
 * The JDK's {@code jdk.internal.vm.Continuation} on one platform thread, without threads, scheduler
 * and waits around it: the floor under whatever suspends Java code. Needs {@code --add-exports
 * java.base/jdk.internal.vm=ALL-UNNAMED}.
 */
public final class ContinuationProgram {
  private static final Object SCOPE;
  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;
  private static final MethodHandle IS_DONE;

  static {
    try {
      var lookup = MethodHandles.lookup();
      var scope = Class.forName("jdk.internal.vm.ContinuationScope");
      var type = Class.forName("jdk.internal.vm.Continuation");
      SCOPE =
          scope.cast(
              lookup
                  .findConstructor(scope, MethodType.methodType(void.class, String.class))
                  .invoke("bench"));
      NEW =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, scope, Runnable.class))
              .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
      var anObject = MethodType.methodType(void.class, Object.class);
      var aQuestion = MethodType.methodType(boolean.class, Object.class);
      RUN = lookup.findVirtual(type, "run", MethodType.methodType(void.class)).asType(anObject);
      YIELD =
          lookup
              .findStatic(type, "yield", MethodType.methodType(boolean.class, scope))
              .asType(aQuestion);
      IS_DONE =
          lookup
              .findVirtual(type, "isDone", MethodType.methodType(boolean.class))
              .asType(aQuestion);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ContinuationProgram() {}

  /**
   * Says hello from a continuation, or answers requests.
   *
   * @param args {@code hello}, or nothing
   * @throws Exception if a work fails
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      run(create(() -> System.out.println(args[0])));
      return;
    }
    Protocol.serve(
        Protocol.javaVersion(),
        Map.of(
            "switch", counted(ContinuationProgram::switches),
            "spawn-await", counted(ContinuationProgram::spawnAwait),
            "spawn-all", counted(ContinuationProgram::spawnAll)));
  }

  private static double switches(int count) {
    var watch = new Watch();
    var first = create(() -> takeTurns(count / 2));
    var second = create(() -> takeTurns(count / 2));
    while (!isDone(first) || !isDone(second)) {
      run(first);
      run(second);
    }
    return watch.seconds();
  }

  private static void takeTurns(int count) {
    for (int i = 0; i < count; i++) {
      yieldOnce();
    }
  }

  private static double spawnAwait(int count) {
    var watch = new Watch();
    var sum = new int[1];
    for (int i = 0; i < count; i++) {
      run(create(() -> sum[0]++));
    }
    return watch.seconds(sum[0], count);
  }

  private static double spawnAll(int count) {
    var watch = new Watch();
    var sum = new int[1];
    var all = new Object[count];
    for (int i = 0; i < count; i++) {
      all[i] = create(() -> sum[0]++);
    }
    for (var one : all) {
      run(one);
    }
    return watch.seconds(sum[0], count);
  }

  private static Object create(Runnable body) {
    try {
      return (Object) NEW.invokeExact(SCOPE, body);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Object continuation) {
    try {
      RUN.invokeExact(continuation);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void yieldOnce() {
    try {
      var _ = (boolean) YIELD.invokeExact(SCOPE);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isDone(Object continuation) {
    try {
      return (boolean) IS_DONE.invokeExact(continuation);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.segue;

import dev.segue.futures.internal.Failures;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;

/**
 * The waits of virtual threads on monitors, ended from outside. Only {@link TaskTime} does that, so
 * what it takes of the JDK is no condition for the engine.
 */
final class ObjectWaits {
  private static final MethodHandle TIME_OUT;
  private static final VarHandle NUMBER;

  static {
    try {
      var type = Class.forName("java.lang.VirtualThread");
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      TIME_OUT =
          lookup
              .findVirtual(
                  type, "waitTimeoutExpired", MethodType.methodType(void.class, byte.class))
              .asType(MethodType.methodType(void.class, Thread.class, byte.class));
      NUMBER = lookup.findVarHandle(type, "timedWaitSeqNo", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ObjectWaits() {}

  /** Fails with a {@link LinkageError} where this JVM does not allow it. */
  static void prepare() {}

  /** Ends a thread's timed wait, if it is in one, as its time-out would. Called on the loop. */
  static void end(Thread thread) {
    try {
      TIME_OUT.invokeExact(thread, (byte) NUMBER.get(thread));
    } catch (Throwable thrown) {
      throw Failures.<RuntimeException>rethrow(thrown);
    }
  }
}

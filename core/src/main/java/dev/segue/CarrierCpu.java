package dev.segue;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** How much a loop's thread has computed, where the JVM can tell. */
final class CarrierCpu {
  private CarrierCpu() {}

  /** A thread's CPU time in nanoseconds; -1 where it is not known. */
  static long nanos(@Nullable Thread carrier) {
    if (carrier == null) {
      return -1;
    }
    try {
      return ManagementFactory.getThreadMXBean().getThreadCpuTime(carrier.threadId());
    } catch (LinkageError | UnsupportedOperationException | OutOfMemoryError _) {
      // An image without java.management, a JVM without the clock, or no memory to load what tells.
      return -1;
    }
  }
}

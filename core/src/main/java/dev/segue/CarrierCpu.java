package dev.segue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Whether a loop's thread computes or is stuck, where the JVM can tell. */
final class CarrierCpu {
  private static final long SAMPLE_NANOS = 5_000_000;

  private CarrierCpu() {}

  /** Looks at a thread for some milliseconds. True also where the JVM cannot tell. */
  static boolean isBusy(@Nullable Thread carrier) {
    if (carrier == null) {
      return true;
    }
    try {
      var threads = ManagementFactory.getThreadMXBean();
      long before = threads.getThreadCpuTime(carrier.threadId());
      LockSupport.parkNanos(SAMPLE_NANOS);
      long after = threads.getThreadCpuTime(carrier.threadId());
      return before < 0 || after > before;
    } catch (LinkageError | UnsupportedOperationException _) {
      return true; // an image without java.management
    }
  }
}

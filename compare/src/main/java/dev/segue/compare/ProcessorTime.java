package dev.segue.compare;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The processor time of this process and of all that it has started, also of those that have ended.
 */
final class ProcessorTime {
  private static final OperatingSystemMXBean SELF =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Path PROC = Path.of("/proc/self/stat");
  private static final boolean HAS_PROC = Files.exists(PROC);
  private static final long TICK = 10_000_000; // a hundredth of a second, on every Linux

  private ProcessorTime() {}

  /** Returns nanoseconds, which only grow. */
  static long now() {
    return SELF.getProcessCpuTime()
        + (HAS_PROC ? ended() : 0)
        + ProcessHandle.current().descendants().mapToLong(ProcessorTime::of).sum();
  }

  private static long of(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /** Of the children that have ended, and of theirs; elsewhere than on Linux they are left out. */
  private static long ended() {
    try {
      var stat = Files.readString(PROC, StandardCharsets.ISO_8859_1);
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from the third on
      return TICK * (Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    } catch (IOException _) {
      return 0;
    }
  }
}

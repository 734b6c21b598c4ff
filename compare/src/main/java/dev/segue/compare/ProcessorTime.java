package dev.segue.compare;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The processor time of this process and of all that it has started, also of those that have ended.
 *
 * <p>On Linux it is the system's own to the nanosecond, as the JDK's is to a hundredth of a second
 * there, which is longer than many a repetition.
 */
abstract sealed class ProcessorTime {
  private static final ProcessorTime SYSTEM =
      System.getProperty("os.name").equals("Linux") ? new OnLinux() : new Elsewhere();
  private static final Path OWN_SCHEDULING = Path.of("/proc/thread-self/schedstat");

  /** Returns nanoseconds so far, at the end of this call: what it takes itself is before that. */
  static long begin() {
    long others = others();
    return SYSTEM.own() + others;
  }

  /** Returns nanoseconds so far, at the beginning of this call. */
  static long end() {
    return SYSTEM.own() + others();
  }

  private static long others() {
    return SYSTEM.ended() + ProcessHandle.current().descendants().mapToLong(SYSTEM::of).sum();
  }

  /**
   * Returns how long this thread has run, and could have run on a free processor, in nanoseconds:
   * that a machine is busy is no wait of a job's.
   */
  static long ofThread() {
    long ran = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    try {
      var fields = Files.readString(OWN_SCHEDULING, StandardCharsets.US_ASCII).split(" ", -1);
      return ran + Long.parseLong(fields[1]);
    } catch (IOException _) {
      return ran; // no Linux, or one that does not tell
    }
  }

  abstract long own();

  abstract long of(ProcessHandle process);

  /** Of the children that have ended, and of theirs; 0 where the system does not tell. */
  abstract long ended();

  private static final class OnLinux extends ProcessorTime {
    private static final int OF_THIS_PROCESS = 2; // CLOCK_PROCESS_CPUTIME_ID
    private static final int OF_CHILDREN = -1; // RUSAGE_CHILDREN
    private static final int RUSAGE_BYTES = 144;

    private final MethodHandle clock = handle("clock_gettime");
    private final MethodHandle usage = handle("getrusage");
    private final MemorySegment answer = Arena.global().allocate(RUSAGE_BYTES, Long.BYTES);

    @SuppressWarnings("restricted") // the parent starts this JVM with the option for it
    private static MethodHandle handle(String name) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    @Override
    long own() {
      return clock(OF_THIS_PROCESS);
    }

    @Override
    long of(ProcessHandle process) {
      return clock((~(int) process.pid() << 3) | OF_THIS_PROCESS); // as clock_getcpuclockid does
    }

    private synchronized long clock(int id) {
      return call(clock, id) == 0 ? 1_000_000_000 * field(0) + field(1) : 0; // it has just ended
    }

    @Override
    synchronized long ended() {
      return call(usage, OF_CHILDREN) == 0
          ? 1_000_000_000 * (field(0) + field(2)) + 1_000 * (field(1) + field(3))
          : 0;
    }

    private int call(MethodHandle function, int subject) {
      try {
        return (int) function.invokeExact(subject, answer);
      } catch (Throwable e) {
        throw new AssertionError("it throws nothing", e);
      }
    }

    private long field(int index) {
      return answer.getAtIndex(ValueLayout.JAVA_LONG, index);
    }
  }

  private static final class Elsewhere extends ProcessorTime {
    private final OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Override
    long own() {
      return system.getProcessCpuTime();
    }

    @Override
    long of(ProcessHandle process) {
      return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    @Override
    long ended() {
      return 0;
    }
  }
}

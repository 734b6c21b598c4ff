package dev.segue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the JVM has counted so far, where it tells. */
record JvmCounts(long collectingNanos, long classes) {
  private static final JvmCounts UNKNOWN = new JvmCounts(0, 0);

  static JvmCounts now() {
    try {
      long collecting =
          ManagementFactory.getGarbageCollectorMXBeans().stream()
              .filter(collector -> !collector.getName().endsWith("Cycles")) // the threads run on
              .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
              .sum();
      return new JvmCounts(
          TimeUnit.MILLISECONDS.toNanos(collecting),
          ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
    } catch (LinkageError | UnsupportedOperationException _) {
      return UNKNOWN; // an image without java.management
    }
  }

  JvmCounts since(JvmCounts earlier) {
    return new JvmCounts(collectingNanos - earlier.collectingNanos, classes - earlier.classes);
  }

  /** The classes that platform threads initialize now. */
  static List<String> initializing() {
    return Thread.getAllStackTraces().entrySet().stream().flatMap(JvmCounts::initializing).toList();
  }

  private static Stream<String> initializing(Map.Entry<Thread, StackTraceElement[]> thread) {
    return Stream.of(thread.getValue())
        .filter(frame -> frame.getMethodName().equals("<clinit>"))
        .map(StackTraceElement::getClassName);
  }
}

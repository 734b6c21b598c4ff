package dev.segue.inspect;

import dev.segue.inspect.ThreadRecording.Period;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * A recorder of what threads wait for, by JDK Flight Recorder, until it is closed.
 *
 * <p>Waits shorter than 100 µs are taken for running.
 */
public final class ThreadRecorder implements AutoCloseable {
  /** Types that start threads for Segue's own work: of loops, and of process pools. */
  private static final Pattern OF_SEGUE = Pattern.compile("dev\\.segue\\.(process\\..*|[A-Z].*)");

  /** Thread groups of the JVM's own threads, and of those that run virtual threads. */
  private static final Set<String> OF_THE_JVM =
      Set.of("system", "InnocuousThreadGroup", "CarrierThreads");

  private static final String HOOK = "JFR Shutdown Hook";
  private static final long MOST_NANOS_OF_HOOK = 10_000_000_000L;
  private static final String STARTED = "jdk.ThreadStart";
  private static final String ENDED = "jdk.ThreadEnd";
  private static final String SLEEPS = "jdk.ThreadSleep"; // its stack begins at the caller
  private static final List<String> WAITS =
      List.of(
          SLEEPS,
          "jdk.ThreadPark",
          "jdk.JavaMonitorEnter",
          "jdk.JavaMonitorWait",
          "jdk.SocketRead",
          "jdk.SocketWrite",
          "jdk.FileRead",
          "jdk.FileWrite",
          "jdk.FileForce");

  private final String group;
  private final Instant origin;
  private final Consumer<List<ThreadRecording>> done;
  private final jdk.jfr.Recording jfr = new jdk.jfr.Recording();
  private final Path file;
  private final long from;
  private final AtomicBoolean closed = new AtomicBoolean();

  ThreadRecorder(String group, Instant origin, Consumer<List<ThreadRecording>> done) {
    this.group = group;
    this.origin = origin;
    this.done = done;
    jfr.enable(STARTED).withStackTrace();
    jfr.enable(ENDED);
    WAITS.forEach(
        name -> jfr.enable(name).withThreshold(Duration.ofNanos(100_000)).withStackTrace());
    try {
      file = Files.createTempFile("segue-threads", ".jfr");
      jfr.setDestination(file);
    } catch (IOException e) {
      throw new UncheckedIOException("no file for what threads do can be made", e);
    }
    jfr.setDumpOnExit(true);
    jfr.start();
    this.from = nanos(Instant.now());
  }

  private long nanos(Instant time) {
    return Math.max(0, Duration.between(origin, time).toNanos());
  }

  /**
   * Ends the recording, and adds it to those of the {@link Recorder}. Does nothing if it has ended.
   *
   * @throws IOException if the recording, which goes through a temporary file, cannot be written or
   *     read
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      long to = nanos(Instant.now());
      stop();
      done.accept(threads(RecordingFile.readAllEvents(file), to));
    } finally {
      Files.delete(file);
    }
  }

  /** Has the file written. */
  private void stop() {
    try (jfr) {
      if (isJvmEnding()) {
        awaitFlightRecorder();
      }
      if (jfr.getState() == jdk.jfr.RecordingState.RUNNING) {
        jfr.stop();
      }
    }
  }

  private static boolean isJvmEnding() {
    var hook = new Thread();
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  /** Its own hook writes the file, deletes what it is made from, and comes in any order. */
  private void awaitFlightRecorder() {
    long deadline = System.nanoTime() + MOST_NANOS_OF_HOOK;
    while (jfr.getState() == jdk.jfr.RecordingState.RUNNING && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(HOOK))
        .forEach(ThreadRecorder::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** One thread, as its events tell. */
  private static final class Life {
    final String name;
    final List<RecordedEvent> waits = new ArrayList<>();
    long from;
    long to;
    boolean isService;

    Life(String name, long from, long to) {
      this.name = name;
      this.from = from;
      this.to = to;
    }
  }

  private List<ThreadRecording> threads(List<RecordedEvent> events, long to) {
    Map<Long, Life> lives = new TreeMap<>();
    for (var event : events) {
      var thread = event.getThread();
      if (thread == null || !isTheProgram(thread)) {
        continue;
      }
      var life =
          lives.computeIfAbsent(
              thread.getJavaThreadId(), _ -> new Life(thread.getJavaName(), from, to));
      switch (event.getEventType().getName()) {
        case STARTED -> {
          life.from = nanos(event.getStartTime());
          life.isService = isStartedBySegue(event);
        }
        case ENDED -> life.to = nanos(event.getStartTime());
        default -> life.waits.add(event);
      }
    }
    var threads = new ArrayList<ThreadRecording>();
    lives.values().removeIf(life -> life.isService);
    lives.forEach(
        (id, life) -> threads.add(new ThreadRecording(group, life.name, id, periods(life))));
    return threads;
  }

  /** Whether it is a thread of the program, and not of the JVM. */
  private static boolean isTheProgram(RecordedThread thread) {
    var threads = thread.getThreadGroup();
    return thread.getJavaThreadId() > 0
        && thread.getJavaName() != null
        && !thread.getJavaName().startsWith("JFR ")
        && !thread.getJavaName().startsWith("segue-")
        && !thread.getJavaName().equals("DestroyJavaVM")
        && (threads == null || !OF_THE_JVM.contains(threads.getName()));
  }

  /** Such as those of a process pool, and what the JDK starts for them. */
  private static boolean isStartedBySegue(RecordedEvent start) {
    return frames(start).stream()
        .filter(frame -> !isOfTheJdk(frame))
        .findFirst()
        .map(frame -> frame.getMethod().getType().getName())
        .filter(type -> OF_SEGUE.matcher(type).matches())
        .isPresent();
  }

  private static List<RecordedFrame> frames(RecordedEvent event) {
    var stack = event.getStackTrace();
    return stack == null ? List.of() : stack.getFrames();
  }

  private List<Period> periods(Life life) {
    life.waits.sort(Comparator.comparing(RecordedEvent::getStartTime));
    var periods = new ArrayList<Period>();
    long at = life.from;
    for (var wait : life.waits) {
      long begins = Math.max(at, nanos(wait.getStartTime()));
      long ends = Math.max(begins, Math.min(life.to, nanos(wait.getEndTime())));
      if (begins > at) {
        periods.add(new Period(State.RUNNING, at, begins, ""));
      }
      if (ends > begins) {
        periods.add(new Period(State.WAITING, begins, ends, where(wait)));
      }
      at = Math.max(at, ends);
    }
    if (life.to > at) {
      periods.add(new Period(State.RUNNING, at, life.to, ""));
    }
    return periods;
  }

  /** The method of the JDK that the program called, and the line that did. */
  private static String where(RecordedEvent wait) {
    var called = SLEEPS.equals(wait.getEventType().getName()) ? "Thread.sleep" : "";
    for (var frame : frames(wait)) {
      if (frame.getMethod().isHidden()) {
        return "in " + called; // that of a method reference, which has no line
      }
      if (!isOfTheJdk(frame)) {
        return in(called) + "at " + type(frame) + ".java:" + frame.getLineNumber();
      }
      called = type(frame) + "." + frame.getMethod().getName();
    }
    return "in " + called;
  }

  private static String in(String called) {
    return called.isEmpty() ? "" : "in " + called + ", ";
  }

  private static boolean isOfTheJdk(RecordedFrame frame) {
    return Frames.isOfTheJdk(frame.getMethod().getType().getName());
  }

  /** The name of its outermost class, without the package. */
  private static String type(RecordedFrame frame) {
    var name = frame.getMethod().getType().getName();
    var simple = name.substring(name.lastIndexOf('.') + 1);
    int nested = simple.indexOf('$');
    return nested > 0 ? simple.substring(0, nested) : simple;
  }
}

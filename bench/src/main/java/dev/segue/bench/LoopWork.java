package dev.segue.bench;

import static dev.segue.bench.Contender.CONTINUATION;
import static dev.segue.bench.Contender.CPYTHON_ASYNCIO;
import static dev.segue.bench.Contender.GO;
import static dev.segue.bench.Contender.KOTLIN;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Contender.SWITCH_OF_SEGUE;
import static dev.segue.bench.Contender.UVLOOP;
import static dev.segue.bench.Contender.VIRTUAL_THREADS;
import static dev.segue.bench.Contender.VIRTUAL_THREADS_1;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What event loops and their like are measured at. */
public enum LoopWork {
  /** Two tasks take turns. */
  SWITCH(
      "task switch",
      Measure.NANOS_EACH,
      1_000_000,
      "Two tasks take turns: each yields, again and again, to the other. One switch.",
      Bar.atMost("≤ 1.7 × raw Continuation", 1.7, SEGUE, CONTINUATION),
      Bar.atMost("≤ 0.55 × virtual threads at parallelism 1", 0.55, SEGUE, VIRTUAL_THREADS_1),
      Bar.atLeast("≥ 7 × faster than CPython asyncio", 7, CPYTHON_ASYNCIO, SEGUE)),

  /** Tasks one after the other. */
  SPAWN_AWAIT(
      "spawn and await, one by one",
      Measure.NANOS_EACH,
      1_000_000,
      "A task starts a task that returns a number, awaits it, and starts the next. One of them.",
      Bar.atMost("≤ 0.7 × virtual threads", 0.7, SEGUE, VIRTUAL_THREADS),
      Bar.atLeast("≥ 8 × faster than CPython asyncio", 8, CPYTHON_ASYNCIO, SEGUE)),

  /** Tasks all at once. */
  SPAWN_ALL(
      "spawn and await, all at once",
      Measure.NANOS_EACH,
      200_000,
      "A task starts 200,000 tasks that return a number, then awaits them all. One of them."),

  /** Many sleeps. */
  SLEEPS(
      "200,000 sleeps of 100 ms",
      Measure.MILLIS,
      200_000,
      "200,000 tasks sleep for 100 ms, at the same time. All, from the first start to the last end.",
      Bar.atMost("≤ 0.7 × virtual threads", 0.7, SEGUE, VIRTUAL_THREADS),
      Bar.atMost("≤ Kotlin coroutines", 1, SEGUE, KOTLIN),
      Bar.atMost("≤ Go", 1, SEGUE, GO),
      Bar.atLeast("≥ 10 × faster than CPython asyncio", 10, CPYTHON_ASYNCIO, SEGUE)),

  /** A hop through a queue. */
  QUEUE(
      "queue hop, capacity 1",
      Measure.NANOS_EACH,
      500_000,
      "One task puts items into a queue with room for one, another takes them. One item.",
      Bar.atMost("≤ 2.5 × Segue's task switch", 2.5, SEGUE, SWITCH_OF_SEGUE)),

  /** A lock that is handed over. */
  LOCK(
      "lock hand-off",
      Measure.NANOS_EACH,
      500_000,
      "Two tasks take the same lock, and yield once while they hold it; so it is handed from one to "
          + "the other each time. One acquisition. Virtual threads: a fair ReentrantLock."),

  /** Submits from another thread. */
  SUBMIT(
      "submit from another thread",
      Measure.NANOS_EACH,
      50_000,
      "A thread outside submits a tiny task, waits for its result, and submits the next. One of "
          + "them."),

  /** Cancels. */
  CANCEL(
      "cancel 100,000 waiting tasks",
      Measure.MILLIS,
      100_000,
      "100,000 tasks sleep; from the cancel of them all until the last has ended."),

  /** What a sleeping task keeps. */
  MEMORY(
      "memory of a sleeping task",
      Measure.BYTES,
      100_000,
      "The memory that 100,000 sleeping tasks keep, for one of them. In a JVM: the heap after a "
          + "full collection; else what the system says is resident.",
      Bar.atMost("≤ 1.1 × virtual threads", 1.1, SEGUE, VIRTUAL_THREADS)),

  /** Echo, few connections. */
  ECHO_64(
      "TCP echo, 64 connections",
      Measure.REQUESTS,
      64,
      "A server on one processor sends 64 bytes back to clients on another, each of which has one "
          + "request under way. Java: a task or thread for each plain Socket.",
      Bar.atLeast("≥ uvloop", 1, SEGUE, UVLOOP),
      Bar.atLeast("≥ Go", 1, SEGUE, GO)),

  /** Echo, many connections. */
  ECHO_1000(
      "TCP echo, 1,000 connections",
      Measure.REQUESTS,
      1_000,
      "The same with 1,000 clients.",
      Bar.atLeast("≥ uvloop", 1, SEGUE, UVLOOP),
      Bar.atLeast("≥ Go", 1, SEGUE, GO)),

  /** HTTP over plain sockets. */
  HTTP(
      "HTTP, 64 connections",
      Measure.REQUESTS,
      64,
      "The same with 64 clients that send a GET and keep the connection. The server has no HTTP "
          + "library: it reads up to the blank line and answers 13 bytes."),

  /** The start of a program. */
  START_UP(
      "start-up",
      Measure.START_UP,
      1,
      "A program with one task that prints hello, from its start to its end, timed from outside.");

  /** How a work is asked for, and what becomes of the answer. */
  enum Measure {
    NANOS_EACH("ns", true),
    MILLIS("ms", true),
    BYTES("B", true),
    REQUESTS("/s", false),
    START_UP("ms", true);

    private final String unit;
    private final boolean lowerIsBetter;

    Measure(String unit, boolean lowerIsBetter) {
      this.unit = unit;
      this.lowerIsBetter = lowerIsBetter;
    }
  }

  private final String title;
  private final Measure measure;
  private final int count;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<Bar> bars;

  LoopWork(String title, Measure measure, int count, String description, Bar... bars) {
    this.title = title;
    this.measure = measure;
    this.count = count;
    this.description = description;
    this.bars = List.of(bars);
  }

  /**
   * Finds a work.
   *
   * @param id its name, as {@link #id} returns it
   * @return the work; empty if there is none of this name
   */
  public static Optional<LoopWork> of(String id) {
    return Arrays.stream(values()).filter(work -> work.id().equals(id)).findFirst();
  }

  /**
   * Returns the name as a command line has it.
   *
   * @return words joined by hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the name to display.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * Returns what is measured, and what one figure is.
   *
   * @return sentences
   */
  public String description() {
    return description;
  }

  /** The word that asks a program for it. */
  String request() {
    return this == ECHO_64 || this == ECHO_1000 ? "echo" : id();
  }

  Measure measure() {
    return measure;
  }

  /** How often the work is done in a sample; of servers, how many clients there are. */
  int count() {
    return count;
  }

  Subject subject() {
    return new Subject(id(), title, measure.unit, measure.lowerIsBetter, 0, bars);
  }
}

package dev.segue.waits;

import dev.segue.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One go at a wait: how long it is to last, what ends it then, and what to look at and close. */
final class Trial implements AutoCloseable {
  private static final ScheduledExecutorService LATER =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().name("later-", 1).factory());

  private final long millis;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Action<? extends Exception> release = () -> {};
  private Supplier<String> state = () -> "";
  private volatile long begin;

  Trial(long millis) {
    this.millis = millis;
  }

  /** How long the wait is to last. */
  long millis() {
    return millis;
  }

  /** Whether the wait is to last on, for one that would end before. */
  boolean isTimeLeft() {
    return System.nanoTime() - begin < millis * 1_000_000;
  }

  /** Says what ends the wait, for one that does not end by itself. */
  void release(Action<? extends Exception> action) {
    release = action;
  }

  /** Says what to report of the thing waited for once the wait is over. */
  void state(Supplier<String> text) {
    state = text;
  }

  /** Has something closed at the end. */
  <C extends AutoCloseable> C open(C resource) {
    open.add(resource);
    return resource;
  }

  /** Called as the wait begins; returns when, as {@link System#nanoTime()} has it. */
  long begin() {
    begin = System.nanoTime();
    later(millis, release);
    return begin;
  }

  /** Does something after a time, on another thread. */
  static void later(long millis, Action<? extends Exception> action) {
    LATER.schedule(
        () -> {
          action.run();
          return null;
        },
        millis,
        TimeUnit.MILLISECONDS);
  }

  String state() {
    return state.get();
  }

  @Override
  public void close() {
    for (var resource : open.reversed()) {
      try {
        resource.close();
      } catch (IOException _) {
        // A cancel may have closed it, or what it writes to.
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

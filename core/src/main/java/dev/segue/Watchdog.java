package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that looks after the JVM's loops at intervals, from outside: a loop that is held
 * can do nothing about it itself.
 *
 * <p>What it looks at says each time when it wants to be looked at again. While nothing does, the
 * thread sleeps, but for a look at the {@link Mailbox} four times a second; a loop that gets work
 * wakes it. It ends when nothing is left to watch.
 */
final class Watchdog implements Runnable {
  /** Something to be looked at. */
  interface Watched {
    /**
     * Looks at it. Called by the watchdog's thread.
     *
     * @param now the time, as {@link System#nanoTime()} tells it
     * @param lost for how long, since the last look, the whole JVM did not run
     * @return nanoseconds until the next look; {@link #NOTHING} where there is nothing to look at
     */
    long look(long now, long lost);
  }

  static final long NOTHING = Long.MAX_VALUE;

  private static final long LEAST_NANOS_LOST = 250_000_000;
  private static final long NANOS_BEFORE_SLEEP = 1_000_000_000;
  private static final long NANOS_BETWEEN_LOOKS_AT_NOTHING = 50_000_000;

  /** A tool may run tens of thousands of loops a second, one after the other. */
  private static final long NANOS_BETWEEN_EXTRA_LOOKS = 5_000_000;

  private static final long NANOS_BETWEEN_LOOKS_AT_MAILBOX = 50_000_000;
  private static final long NANOS_BETWEEN_LOOKS_IN_SLEEP = 250_000_000;

  private static final Set<Watched> WATCHED = ConcurrentHashMap.newKeySet();

  @GuardedBy("Watchdog.class")
  private static @Nullable Thread thread;

  @GuardedBy("Watchdog.class")
  private static long extraLook; // when the last was asked for

  private static volatile @Nullable Thread sleeper; // the thread, while it sleeps and is not woken

  // Confined to the thread.
  private long pausedSince = System.nanoTime();
  private long idleSince = pausedSince;
  private long pause; // what it was the last time; 0 after a sleep
  private @Nullable Mailbox mailbox; // null until it is first looked at
  private long nextLookAtMailbox = pausedSince + NANOS_BETWEEN_LOOKS_AT_MAILBOX;

  private Watchdog() {}

  /** Looks at something from now on: at once, unless it has just done that for something else. */
  @AnyThread
  static void watch(Watched watched) {
    WATCHED.add(watched);
    long now = System.nanoTime();
    synchronized (Watchdog.class) {
      if (thread == null) {
        thread =
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("segue-watchdog")
                .start(new Watchdog());
      } else if (sleeper != null || now - extraLook > NANOS_BETWEEN_EXTRA_LOOKS) {
        extraLook = now;
        sleeper = null;
        LockSupport.unpark(thread); // its pause may be too long for this
      }
    }
  }

  static void forget(Watched watched) {
    WATCHED.remove(watched);
  }

  /** The loops that run. */
  @AnyThread
  static List<StallDetector> loops() {
    return WATCHED.stream()
        .filter(StallDetector.class::isInstance)
        .map(StallDetector.class::cast)
        .toList();
  }

  /**
   * There may be something to look at again. Any thread; costs a read while the thread is awake.
   */
  @AnyThread
  static void wake() {
    var asleep = sleeper;
    if (asleep != null) {
      sleeper = null; // so it need not be woken again, and knows that it has been
      LockSupport.unpark(asleep);
    }
  }

  @Override
  public void run() {
    boolean ended = false;
    while (!ended) {
      try {
        ended = tick();
      } catch (Throwable thrown) { // also an Error: nobody else looks after the loops
        try {
          LockSupport.parkNanos(NANOS_BETWEEN_LOOKS_AT_NOTHING);
          Log.error("the watchdog failed, and goes on", thrown);
        } catch (Throwable _) {
          // Even a constant text takes memory when it is first used.
        }
      }
    }
  }

  /** Looks at everything once, and pauses; returns whether there is nothing left to watch. */
  private boolean tick() {
    long now = System.nanoTime();
    // Where this thread could not run either, the machine or a debugger stopped the whole JVM. Not
    // counted is for how long its own last look took, as in a cold JVM, whose loops ran meanwhile.
    long lost = pause > 0 ? lost(pause, now - pausedSince) : 0;
    long wanted = lookAtAll(now, lost);
    lookAtMailbox(now);
    if (wanted != NOTHING) {
      idleSince = now;
      pause = wanted;
    } else if (now - idleSince < NANOS_BEFORE_SLEEP) {
      pause = NANOS_BETWEEN_LOOKS_AT_NOTHING;
    } else if (end()) {
      return true;
    } else {
      sleep();
      idleSince = System.nanoTime();
      pause = 0;
      return false;
    }
    pausedSince = System.nanoTime();
    LockSupport.parkNanos(pause);
    return false;
  }

  /** For how long the JVM did not run, if a pause took so long. A busy machine delays it too. */
  static long lost(long pause, long took) {
    return took > Math.max(4 * pause, LEAST_NANOS_LOST) ? took : 0;
  }

  private static long lookAtAll(long now, long lost) {
    long wanted = NOTHING;
    for (var watched : WATCHED) {
      try {
        wanted = Math.min(wanted, watched.look(now, lost));
      } catch (Throwable thrown) { // the others still have to be looked at
        wanted = Math.min(wanted, NANOS_BETWEEN_LOOKS_AT_NOTHING);
        Log.error("the watchdog failed to look at " + watched, thrown);
      }
    }
    return wanted;
  }

  /** Ends this thread if nothing is left to watch. */
  private static boolean end() {
    synchronized (Watchdog.class) {
      if (WATCHED.isEmpty()) {
        thread = null;
      }
      return thread == null;
    }
  }

  private void lookAtMailbox(long now) {
    if (now - nextLookAtMailbox >= 0) {
      nextLookAtMailbox = now + NANOS_BETWEEN_LOOKS_AT_MAILBOX;
      try {
        if (mailbox == null) {
          mailbox = Mailbox.own();
        }
        var _ = mailbox.look();
      } catch (OutOfMemoryError _) {
        // At the next look, then: to report it would take memory too.
      } catch (IOException | LinkageError e) {
        nextLookAtMailbox = now + Long.MAX_VALUE / 2; // never
        Log.debug("this process cannot be asked about its tasks", e);
      }
    }
  }

  /** Sleeps until somebody wakes this thread, or there is something to look at after all. */
  private void sleep() {
    sleeper = Thread.currentThread(); // first: a loop that goes on after the look below sees it
    try {
      if (lookAtAll(System.nanoTime(), 0) == NOTHING) {
        while (sleeper != null) {
          LockSupport.parkNanos(Watchdog.class, NANOS_BETWEEN_LOOKS_IN_SLEEP);
          lookAtMailbox(System.nanoTime());
        }
      }
    } finally {
      sleeper = null;
    }
  }
}

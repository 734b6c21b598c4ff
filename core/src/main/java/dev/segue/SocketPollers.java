package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where virtual threads run that are not tasks but have inherited a task's scheduler, because they
 * were started inside one: on the JDK's scheduler, but for the JDK's socket pollers, which wait for
 * sockets on behalf of all virtual threads. They run on the thread of the JVM's only loop, between
 * two turns, where waking a task takes no change of threads.
 *
 * <p>A loop whose task does not give its thread back must not stop the sockets of other virtual
 * threads: if a poller has to wait for long, all of them move to the JDK's scheduler until the loop
 * goes on. They move too when the loop ends, or a second one begins.
 *
 * <p>The pollers are made by the first virtual thread that blocks on a socket. Where that is not a
 * task, they have the JDK's scheduler from then on.
 */
final class SocketPollers implements Watchdog.Watched {
  /** System property: {@code false} leaves the pollers where the JDK would have them. */
  private static final boolean HOSTED =
      Boolean.parseBoolean(System.getProperty("segue.hostPollers", "true"));

  private static final StackWalker STACK = StackWalker.getInstance();

  /** After so many threads that are none, the search for pollers is given up. */
  private static final int MOST_LOOKS_IN_VAIN = 100;

  private static final long MOST_NANOS_TO_WAIT = 10_000_000;
  private static final long NANOS_BETWEEN_LOOKS = 5_000_000;

  private final Executor elsewhere;
  private final Set<Runnable> pollers = ConcurrentHashMap.newKeySet();
  private final Set<Visit> visits = ConcurrentHashMap.newKeySet();

  @GuardedBy("this")
  private final Set<Kernel> loops = new HashSet<>();

  @GuardedBy("this")
  private long stepsThen;

  private volatile @Nullable Kernel host; // written under this
  private int looksInVain; // racy: a few looks more do no harm

  /**
   * Creates one that has no loop.
   *
   * @param elsewhere the JDK's scheduler
   */
  SocketPollers(Executor elsewhere) {
    this.elsewhere = elsewhere;
  }

  // --- which loop

  /** The calling thread is about to serve a loop. */
  synchronized void begin(Kernel loop) {
    loops.add(loop);
    moveTo(onlyLoop());
  }

  /** A loop is served no more. */
  synchronized void end(Kernel loop) {
    loops.remove(loop);
    moveTo(onlyLoop());
  }

  @GuardedBy("this")
  private @Nullable Kernel onlyLoop() {
    return HOSTED && loops.size() == 1 ? loops.iterator().next() : null;
  }

  private void moveTo(@Nullable Kernel loop) {
    if (host != loop) {
      host = loop; // first: a poller that comes now sees the new one
      redirectAll();
    }
  }

  private void redirectAll() {
    for (int tries = 1; ; tries++) {
      try {
        for (var visit : visits) {
          visit.redirect();
        }
        return;
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  // --- the pollers

  /**
   * Takes a virtual thread that can run: called by the JDK, from any thread. It must neither block
   * nor throw.
   */
  void execute(Runnable thread) {
    if (pollers.contains(thread) || isNewPoller(thread)) {
      poll(thread);
    } else {
      elsewhere.execute(thread);
    }
  }

  /** Whether the calling thread is making the pollers, and {@code thread} is one of them. */
  private boolean isNewPoller(Runnable thread) {
    if (looksInVain >= MOST_LOOKS_IN_VAIN || !Thread.currentThread().isVirtual()) {
      return false;
    }
    boolean found = STACK.walk(frames -> frames.anyMatch(SocketPollers::makesPollers));
    if (found) {
      pollers.add(thread);
      Watchdog.watch(this);
    } else {
      looksInVain++;
    }
    return found;
  }

  /** The class initializer, and nothing else of that class: a poller wakes others from there. */
  private static boolean makesPollers(StackWalker.StackFrame frame) {
    return frame.getMethodName().equals("<clinit>")
        && frame.getClassName().equals("sun.nio.ch.Poller");
  }

  /** Takes a poller that can run. */
  void poll(Runnable poller) {
    var loop = host;
    if (loop == null) {
      elsewhere.execute(poller);
      return;
    }
    var visit = new Visit(poller);
    visits.add(visit);
    if (!loop.wake(visit) || host != loop) {
      visit.redirect();
    } else {
      Watchdog.wake();
    }
  }

  /** A poller's wait for the loop's thread. */
  private final class Visit extends Inbox.Message {
    private final Runnable poller;
    private final long since = System.nanoTime();

    Visit(Runnable poller) {
      this.poller = poller;
    }

    @Override
    void receive() {
      if (visits.remove(this)) {
        poller.run();
      }
    }

    void redirect() {
      if (visits.remove(this)) {
        elsewhere.execute(poller);
      }
    }
  }

  // --- the watchdog

  /** Moves the pollers away from a loop that lets one wait, and back to it when it goes on. */
  @Override
  public synchronized long look(long now, long lost) {
    var loop = onlyLoop();
    if (loop == null) {
      return Watchdog.NOTHING;
    }
    long steps = loop.steps();
    if (host == null) {
      if (steps != stepsThen || loop.isIdle()) {
        moveTo(loop);
      }
    } else if (visits.stream().anyMatch(visit -> now - visit.since > MOST_NANOS_TO_WAIT)) {
      moveTo(null);
    }
    stepsThen = steps;
    return host != null && visits.isEmpty() ? Watchdog.NOTHING : NANOS_BETWEEN_LOOKS;
  }
}

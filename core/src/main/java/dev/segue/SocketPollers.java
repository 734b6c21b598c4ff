package dev.segue;

import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of the JDK's socket pollers, the virtual threads that wait for sockets on behalf of
 * all others. It runs them on the thread of the JVM's only loop, between two turns, where waking a
 * task of the loop takes no change of threads; else where the JDK would.
 *
 * <p>A loop whose task does not give its thread back must not stop the sockets of other virtual
 * threads: if a poller has to wait for long, all of them move to the JDK's scheduler until the loop
 * goes on. They move too when the loop ends, or a second one begins.
 */
final class SocketPollers implements Executor {
  /** System property: {@code false} leaves the pollers where the JDK would have them. */
  private static final boolean HOSTED =
      Boolean.parseBoolean(System.getProperty("segue.hostPollers", "true"));

  private static final long MOST_NANOS_TO_WAIT = 10_000_000;
  private static final long NANOS_BETWEEN_LOOKS = 5_000_000;

  /** How often to look at nothing before sleeping: a second's worth. */
  private static final int MOST_LOOKS_AT_NOTHING = 200;

  private final Executor elsewhere;
  private final Set<Visit> visits = ConcurrentHashMap.newKeySet();
  private final Thread guard =
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("segue-socket-pollers")
          .unstarted(this::guard);

  private final Set<Kernel> loops = new HashSet<>(); // guarded by this
  private long stepsThen; // guarded by this
  private volatile @Nullable Kernel host; // written under this
  private volatile boolean asleep;

  /**
   * Creates a scheduler without a loop.
   *
   * @param elsewhere the JDK's own
   */
  SocketPollers(Executor elsewhere) {
    this.elsewhere = elsewhere;
  }

  /**
   * Returns a scheduler with which the JDK starts its pollers, which they inherit from the thread
   * that makes them. Where other virtual threads have used sockets before, they run already, and
   * stay with the scheduler that they have.
   *
   * @param elsewhere the JDK's own
   */
  static SocketPollers started(Executor elsewhere) {
    var pollers = new SocketPollers(elsewhere);
    pollers.guard.start();
    CarrierEngine.newVirtualThread(pollers, "segue-start-pollers", SocketPollers::initializePollers)
        .start();
    return pollers;
  }

  private static void initializePollers() {
    try {
      var _ = Class.forName("sun.nio.ch.Poller", true, null);
    } catch (ClassNotFoundException | LinkageError e) {
      Log.LOGGER.log(Level.DEBUG, "socket pollers not started early", e);
    }
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

  private @Nullable Kernel onlyLoop() {
    return HOSTED && loops.size() == 1 ? loops.iterator().next() : null;
  }

  private void moveTo(@Nullable Kernel loop) {
    if (host != loop) {
      host = loop;
      visits.forEach(Visit::redirect); // first the host: who comes now sees the new one
    }
  }

  // --- the pollers

  /** Takes a poller that can run: called by the JDK, from any thread. */
  @Override
  public void execute(Runnable poller) {
    var loop = host;
    if (loop == null) {
      elsewhere.execute(poller);
      return;
    }
    var visit = new Visit(poller);
    visits.add(visit);
    if (!loop.wake(visit) || host != loop) {
      visit.redirect();
    } else if (asleep) {
      LockSupport.unpark(guard);
    }
  }

  /** A poller's wait for the loop's thread. */
  private final class Visit extends Arrivals.Arrival {
    private final Runnable poller;
    private final long since = System.nanoTime();

    Visit(Runnable poller) {
      this.poller = poller;
    }

    @Override
    void arrive() {
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

  // --- the guard

  private void guard() {
    int looksAtNothing = 0;
    while (true) {
      LockSupport.parkNanos(this, NANOS_BETWEEN_LOOKS);
      looksAtNothing = look(System.nanoTime()) ? looksAtNothing + 1 : 0;
      if (looksAtNothing > MOST_LOOKS_AT_NOTHING) {
        asleep = true;
        if (visits.isEmpty()) {
          LockSupport.park(this);
        }
        asleep = false;
        looksAtNothing = 0;
      }
    }
  }

  /**
   * Moves the pollers away from a loop that lets one wait, and back to it when it goes on.
   *
   * @return whether there is nothing to look after
   */
  synchronized boolean look(long now) {
    var loop = onlyLoop();
    if (loop == null) {
      return true;
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
    return host != null && visits.isEmpty();
  }
}

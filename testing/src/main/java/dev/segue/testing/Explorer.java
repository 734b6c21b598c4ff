package dev.segue.testing;

import dev.segue.Action;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A search for an order of a body's tasks in which the body fails.
 *
 * <p>The body runs again and again, each time in a loop of its own with a virtual clock, and each
 * time its tasks take turns in another order. What is found is made as short as it can be, and
 * reported as an {@link Interleaving}, which can be replayed:
 *
 * {@snippet class="dev.segue.testing.ExampleTest" region="explorer"}
 *
 * <p>The ordinary, first-in first-out order comes first, then every order that departs from it at
 * one place, at two, and so on, up to half the budget, or to the end if that is near; then orders
 * drawn at random. To depart is to <em>hold</em> the task whose turn it is: it stays back until no
 * other task is ready. Most faults need one or two holds. The number of schedules is the budget,
 * never time, so that a build gives the same answer twice.
 *
 * <p>Also tried, if asked for: a step that takes so long that the next timer is due after it, a
 * {@linkplain Choices#mayCancel cancel at any wait}, and {@linkplain Choices#oneOf different
 * answers}. What a body must not depend on, since nobody controls it: the order of a hash table of
 * objects without a hash code of their own, random numbers without a seed, {@link System#nanoTime},
 * {@link Thread#sleep}, sockets, and threads of its own. Where that changes the course, the failure
 * is {@link Interleaving.Kind#UNCONTROLLED}. With the module's jar as a Java agent, {@code
 * -javaagent:segue-testing.jar}, sleeps, time-outs and clocks of the JDK's are controlled too.
 *
 * <p>Tasks may wait for each other in the JDK too, for a lock, a queue, a latch; not on the {@link
 * dev.segue.EventLoop.Engine#PORTABLE portable} engine, where such a wait holds the loop, and so
 * the exploration, for ever.
 *
 * <p>Immutable; any thread.
 */
public final class Explorer {
  private final Settings settings;

  private Explorer(Settings settings) {
    this.settings = settings;
  }

  /**
   * What a search may do.
   *
   * @param schedules how many schedules are tried, at most
   * @param holds how many departures a schedule has that is not random, at most
   * @param limits what each may do
   * @param seed of the random ones
   * @param replay the one schedule to run instead; null for a search
   */
  record Settings(
      int schedules, int holds, Limits limits, long seed, @Nullable ReplayString replay) {}

  /**
   * Returns an explorer with the settings that suit most.
   *
   * @return 1,000 schedules, each of at most 10,000 steps, one of which may be slow; no cancels
   */
  public static Explorer create() {
    return builder().build();
  }

  /**
   * Starts the settings of an explorer.
   *
   * @return a builder, with the settings of {@link #create}
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs a body in many schedules, until it fails or there is nothing left to try. The calling
   * thread waits.
   *
   * <p>A body that changes something outside itself sees what the run before has left there; it
   * should make what it needs.
   *
   * @param body the main task of each run; the exceptions that it may throw end up in the result
   * @return what was found
   * @throws CancellationException if the calling thread is interrupted; the flag is set again
   * @throws IllegalStateException if the JVM does not allow Segue's engine
   */
  public Exploration explore(Action<?> body) {
    Objects.requireNonNull(body, "body must not be null");
    return new Search(settings, body).onItsOwnThread();
  }

  /** The settings of an explorer to be made. Confined to one thread. */
  public static final class Builder {
    private int schedules = 1_000;
    private int holds = Integer.MAX_VALUE;
    private int cancels;
    private int slowSteps = 1;
    private int steps = 10_000;
    private long seed = 1;
    private boolean leftBehind;
    private @Nullable ReplayString replay;

    private Builder() {}

    /**
     * Sets how many schedules are tried, at most; 1,000 by default.
     *
     * @param schedules the number
     * @return this builder
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder schedules(int schedules) {
      this.schedules = atLeast(1, schedules, "schedules");
      return this;
    }

    /**
     * Sets how many departures from the ordinary order a schedule has, at most, that is not drawn
     * at random; as many as the budget allows by default.
     *
     * @param holds the number; 0 for the ordinary schedule alone
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder holds(int holds) {
      this.holds = atLeast(0, holds, "holds");
      return this;
    }

    /**
     * Sets how many bodies of {@link Choices#mayCancel} are cancelled in a schedule, at most; none
     * by default.
     *
     * @param cancels the number
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder cancels(int cancels) {
      this.cancels = atLeast(0, cancels, "cancels");
      return this;
    }

    /**
     * Sets how many steps of a schedule may take so long that the next timer is due after them, at
     * most; 1 by default. Without this, time passes only where no task is ready, and a time-out
     * never fires while its task could go on.
     *
     * @param slowSteps the number
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder slowSteps(int slowSteps) {
      this.slowSteps = atLeast(0, slowSteps, "slowSteps");
      return this;
    }

    /**
     * Sets after how many steps of its tasks a schedule counts as one that never ends; 10,000 by
     * default.
     *
     * @param steps the number
     * @return this builder
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder steps(int steps) {
      this.steps = atLeast(1, steps, "steps");
      return this;
    }

    /**
     * Sets what the random schedules are made from; 1 by default. The same seed makes the same.
     *
     * @param seed any number
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets whether it is a failure if the body ends before a task that it has started; off by
     * default. The loop cancels such a task in any case.
     *
     * @param fails whether it is
     * @return this builder
     */
    public Builder leftBehind(boolean fails) {
      this.leftBehind = fails;
      return this;
    }

    /**
     * Has one schedule run instead of a search. The program may have changed since it was reported:
     * what still applies is done, and {@link Exploration#uncontrolled} tells what does not.
     *
     * @param replay what {@link Interleaving#replay} returned
     * @return this builder
     * @throws IllegalArgumentException if it is not that
     */
    public Builder replay(String replay) {
      this.replay = ReplayString.parse(Objects.requireNonNull(replay, "replay must not be null"));
      return this;
    }

    private static int atLeast(int least, int value, String name) {
      if (value < least) {
        throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
      }
      return value;
    }

    /**
     * Makes the explorer.
     *
     * @return an explorer
     */
    public Explorer build() {
      return new Explorer(
          new Settings(
              schedules, holds, new Limits(steps, cancels, slowSteps, leftBehind), seed, replay));
    }
  }
}

package dev.segue.futures.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pools of this JVM, for who looks into it from outside: a pool is not asked for anything
 * before somebody does. It is held weakly.
 */
public final class LivePools {
  private static final Set<Source> SOURCES =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private LivePools() {}

  /** A pool that can tell what it does. */
  public interface Source {
    /** What it does now; null once it has terminated. Any thread. */
    @Nullable State state();
  }

  /**
   * What a pool does.
   *
   * @param name its name
   * @param queued how many tasks wait for a worker
   * @param lost how many workers have ended while they had a task
   * @param workers its workers
   */
  public record State(String name, int queued, long lost, List<Worker> workers) {}

  /**
   * What a worker does.
   *
   * @param name its name
   * @param pid its process
   * @param state a word, such as {@code busy}
   * @param task the name of the task that it runs; empty if there is none
   * @param nanos for how long it has run the task
   */
  public record Worker(String name, long pid, String state, String task, long nanos) {}

  /** Makes a pool known. */
  public static void add(Source pool) {
    SOURCES.add(pool);
  }

  /** What each of them does now. */
  public static List<State> states() {
    List<Source> all;
    synchronized (SOURCES) {
      all = new ArrayList<>(SOURCES);
    }
    return all.stream().map(Source::state).filter(Objects::nonNull).toList();
  }
}

package dev.segue.compare;

import java.util.Locale;

/** A way to run many jobs. */
public enum Model {
  /** One job after the other, on one thread. */
  SYNC("one after the other"),
  /** One platform thread for each job. */
  THREADS("a thread for each job"),
  /** A fixed pool of platform threads. */
  THREAD_POOL("thread pool"),
  /** One virtual thread for each job. */
  VIRTUAL_THREADS("virtual threads"),
  /** One task for each job, on one event loop. */
  EVENT_LOOP("event loop"),
  /** A pool of worker JVMs. */
  PROCESS_POOL("process pool"),
  /** The executors of a cluster, which a {@link ClusterProvider} runs; only if one is named. */
  CLUSTER("cluster");

  private final String title;

  Model(String title) {
    this.title = title;
  }

  /**
   * Returns what people call it.
   *
   * @return such as {@code thread pool}
   */
  public String title() {
    return title;
  }

  /**
   * Returns its name on the command line and in files.
   *
   * @return such as {@code thread-pool}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

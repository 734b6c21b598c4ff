package dev.segue.compare;

import java.io.IOException;

/** One run of a {@link Plan}. */
public final class Comparison {
  /**
   * Prepares a run; nothing is started yet.
   *
   * @param plan what to compare
   * @param progress is told how it goes on
   */
  public Comparison(Plan plan, Progress progress) {}

  /**
   * Measures.
   *
   * @return what was measured
   * @throws WorkloadException if the workload is missing, or has no jobs
   * @throws IOException if no JVM can be started
   * @throws InterruptedException if the calling thread was interrupted
   */
  public Report run() throws WorkloadException, IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Ends the run now. */
  public void stop() {}
}

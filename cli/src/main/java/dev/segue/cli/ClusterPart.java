package dev.segue.cli;

import dev.segue.bench.ClusterWork;
import dev.segue.bench.Contender;
import dev.segue.bench.Result;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a module that has Apache Spark adds to the command line, which does without it otherwise.
 * {@link ServiceLoader} finds it. Where it is on the class path, the example {@code SortCluster} is
 * too.
 */
public interface ClusterPart {
  /** What to say of something that needs this, where it is missing. */
  String MISSING =
      "needs Apache Spark, which only the script ./segue fetches and puts on the class path";

  /**
   * Returns the one on the class path.
   *
   * @return empty if there is none
   */
  static Optional<ClusterPart> find() {
    return ServiceLoader.load(ClusterPart.class).findFirst();
  }

  /**
   * Opens the benchmark of a cluster.
   *
   * @param master a standalone master, as {@code spark://host:port}; null for a cluster that is
   *     started on this machine, with two workers of one core each, and ended when the benchmark is
   *     closed
   * @param scale how much work a sample is
   * @return the benchmark
   * @throws Exception if the cluster cannot be started or used
   */
  Benchmark benchmark(@Nullable String master, double scale) throws Exception;

  /** A cluster that is measured beside the process pool and beside Spark without Segue. */
  interface Benchmark extends AutoCloseable {
    /**
     * Returns who does not take part, and why.
     *
     * @return hints
     */
    Map<Contender, String> missing();

    /**
     * Returns which versions take part.
     *
     * @return what they say of themselves
     */
    Map<Contender, String> versions();

    /**
     * Measures.
     *
     * @param works what to measure
     * @param rounds how many samples to take of each contender
     * @param progress told what is going on, before each sample
     * @param measured told each result as soon as there is one
     * @throws Exception if a contender cannot be started, or the thread is interrupted
     */
    void run(
        Set<ClusterWork> works, int rounds, Consumer<String> progress, Consumer<Result> measured)
        throws Exception;

    /**
     * Draws what was measured of {@link ClusterWork#LENGTH}.
     *
     * @return an SVG document
     * @throws IllegalStateException if that was not measured
     */
    String picture();

    /** Ends what was started. */
    @Override
    void close();
  }
}

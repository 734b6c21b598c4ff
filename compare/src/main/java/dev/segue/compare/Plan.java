package dev.segue.compare;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to compare, and how.
 *
 * @param workload the name of a class that implements {@link Workload}
 * @param classPath where it is, besides the class path of this JVM: folders and jars
 * @param parameters what it is told, by name
 * @param models which models take part
 * @param workers how many threads or processes a pool has
 * @param repetitions how many count
 * @param warmUp how long a model may warm up
 * @param timeout how long one repetition may take
 * @param rate how many jobs are submitted in a second, evenly; 0 for all at once
 * @param sweep what is varied; null for nothing
 * @param record whether one more repetition of each model is recorded for a timeline
 * @param master the address of the cluster, as a {@link ClusterProvider} takes it; null if {@link
 *     Model#CLUSTER} is not among the models
 */
public record Plan(
    String workload,
    List<Path> classPath,
    Map<String, String> parameters,
    Set<Model> models,
    int workers,
    int repetitions,
    Duration warmUp,
    Duration timeout,
    double rate,
    @Nullable Sweep sweep,
    boolean record,
    @Nullable String master) {
  /**
   * A plan without a cluster.
   *
   * @param workload the name of a class that implements {@link Workload}
   * @param classPath where it is, besides the class path of this JVM: folders and jars
   * @param parameters what it is told, by name
   * @param models which models take part
   * @param workers how many threads or processes a pool has
   * @param repetitions how many count
   * @param warmUp how long a model may warm up
   * @param timeout how long one repetition may take
   * @param rate how many jobs are submitted in a second, evenly; 0 for all at once
   * @param sweep what is varied; null for nothing
   * @param record whether one more repetition of each model is recorded for a timeline
   */
  public Plan(
      String workload,
      List<Path> classPath,
      Map<String, String> parameters,
      Set<Model> models,
      int workers,
      int repetitions,
      Duration warmUp,
      Duration timeout,
      double rate,
      @Nullable Sweep sweep,
      boolean record) {
    this(
        workload,
        classPath,
        parameters,
        models,
        workers,
        repetitions,
        warmUp,
        timeout,
        rate,
        sweep,
        record,
        null);
  }

  /**
   * A parameter that is varied.
   *
   * @param parameter its name; or {@code workers}
   * @param values its values, in order
   */
  public record Sweep(String parameter, List<String> values) implements Serializable {}
}

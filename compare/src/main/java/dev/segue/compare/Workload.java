package dev.segue.compare;

import dev.segue.futures.SerializableCallable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some jobs to be run under every model, written as ordinary blocking Java. Nothing in them knows
 * about models.
 *
 * <p>Each model has a JVM of its own, in which one workload is made by the constructor without
 * parameters. The jobs are made anew for each repetition, which is not measured.
 *
 * @param <T> the result of a job
 */
public interface Workload<T extends @Nullable Object> {
  /**
   * Returns the jobs of one repetition. Their order is that in which they are submitted.
   *
   * <p>Results are compared between models, by what is in arrays, collections, maps and records,
   * and otherwise by their serialized form: a job should return the same whenever it runs.
   *
   * @param parameters how many and how long: asked by name, with the value to take if none is given
   * @return one job or more
   * @throws Exception if there are none to be had, which ends the comparison
   */
  List<SerializableCallable<T>> jobs(Parameters parameters) throws Exception;

  /**
   * Returns what the jobs of one repetition left behind, such as a counter they share; by default,
   * null. It is asked after each repetition and compared between models as results are.
   *
   * @return a value that can be compared as results are, or null
   */
  default @Nullable Object leftBehind() {
    return null;
  }
}

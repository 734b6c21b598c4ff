package dev.segue.compare;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison measured.
 *
 * @param workload the name of the workload
 * @param parameters what it was told, its defaults included
 * @param workers how many threads or processes a pool had
 * @param rate how many jobs were submitted in a second, evenly; 0 if all were at once
 * @param at when it began
 * @param machine where
 * @param complete false if it was ended early
 * @param points one; or as many as a sweep has values
 */
public record Report(
    String workload,
    Map<String, String> parameters,
    int workers,
    double rate,
    Instant at,
    Machine machine,
    boolean complete,
    List<Point> points)
    implements Serializable {
  /** Copies. */
  public Report {
    parameters = Map.copyOf(parameters);
    points = List.copyOf(points);
  }

  /**
   * What was measured with one set of parameters.
   *
   * @param swept the parameter that is varied, or {@code workers}; null if none is
   * @param value its value
   * @param profile what the jobs are like; null if they could not be run one after the other
   * @param results what each model reached, in the order of {@link Model}
   * @param findings what went wrong, the worst first
   * @param recordings one more repetition of each model, as {@link dev.segue.inspect.RecordingFile}
   *     has it, all beginning at 0; empty unless the plan wants it
   */
  public record Point(
      @Nullable String swept,
      @Nullable String value,
      @Nullable JobProfile profile,
      List<ModelResult> results,
      List<Finding> findings,
      Map<Model, byte[]> recordings)
      implements Serializable {
    /** Copies. */
    public Point {
      results = List.copyOf(results);
      findings = List.copyOf(findings);
      recordings = Map.copyOf(recordings);
    }
  }
}

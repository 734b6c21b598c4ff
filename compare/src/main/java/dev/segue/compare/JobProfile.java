package dev.segue.compare;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the jobs are like, as far as it does not depend on a model: measured while they ran one
 * after the other.
 *
 * @param jobs how many there are
 * @param waiting the part of the time in which a job waited and used no processor, 0 to 1
 * @param median how long the middle one takes, in nanoseconds
 * @param longest how long the longest one takes, in nanoseconds
 * @param total how long all take, in nanoseconds
 * @param bytes how many bytes a job and its result are on their way to a process and back, in the
 *     mean; 0 if that is not known
 */
public record JobProfile(
    int jobs, double waiting, long median, long longest, long total, long bytes)
    implements Serializable {
  /**
   * The medians over some repetitions of the same jobs: on a busy machine, a job that is the
   * longest in one is so by chance.
   */
  static JobProfile of(List<JobProfile> repetitions) {
    return new JobProfile(
        repetitions.getFirst().jobs,
        median(repetitions, JobProfile::waiting),
        Math.round(median(repetitions, JobProfile::median)),
        Math.round(median(repetitions, JobProfile::longest)),
        Math.round(median(repetitions, JobProfile::total)),
        Math.round(median(repetitions, JobProfile::bytes)));
  }

  private static double median(List<JobProfile> repetitions, ToDoubleFunction<JobProfile> figure) {
    return Bootstrap.median(repetitions.stream().mapToDouble(figure).toArray());
  }
}

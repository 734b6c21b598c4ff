package dev.segue.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subject, ready to be measured.
 *
 * @param subject what is measured
 * @param warmUps how many rounds do not count
 * @param samplers who takes part
 * @param missing who would, if this machine had it
 */
public record Trial(
    Subject subject, int warmUps, Map<Contender, Sampler> samplers, List<Contender> missing) {
  /** Has one contender do the work once. */
  public interface Sampler {
    /**
     * Does it.
     *
     * @return what it reached; null if it has no such work
     * @throws Exception if it fails
     */
    @Nullable Sample sample() throws Exception;
  }

  /**
   * Measures: in each round, each contender once. Who fails is out, and the others go on.
   *
   * @param rounds how many samples to take of each
   * @param progress told what is going on, before each sample
   * @return what all reached
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public Result run(int rounds, Consumer<String> progress) throws InterruptedException {
    var samples = new LinkedHashMap<Contender, List<Sample>>();
    var unable = new ArrayList<Contender>();
    var failures = new LinkedHashMap<Contender, String>();
    var left = new LinkedHashMap<>(samplers);
    for (int round = 1 - warmUps; round <= rounds; round++) {
      var stage = round < 1 ? "warming up" : "round " + round + " of " + rounds;
      for (var entry : samplers.entrySet()) {
        var contender = entry.getKey();
        if (!left.containsKey(contender)) {
          continue;
        }
        progress.accept(subject.title() + ": " + stage + ", " + contender.title());
        try {
          var sample = entry.getValue().sample();
          if (sample == null) {
            if (!contender.floor()) {
              unable.add(contender);
            }
            left.remove(contender);
          } else if (round >= 1) {
            samples.computeIfAbsent(contender, _ -> new ArrayList<>()).add(sample);
          }
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          failures.put(contender, describe(e));
          left.remove(contender);
        }
      }
    }
    samples.keySet().retainAll(left.keySet());
    return result(samples, unable, failures);
  }

  private Result result(
      Map<Contender, List<Sample>> samples,
      List<Contender> unable,
      Map<Contender, String> failures) {
    var measured = new LinkedHashMap<Contender, Measurement>();
    var clientBusy = new LinkedHashMap<Contender, Measurement>();
    samples.forEach((contender, some) -> {
      measured.put(contender, new Measurement(some.stream().map(Sample::figure).toList()));
      if (some.getFirst().clientBusy().isPresent()) {
        clientBusy.put(
            contender,
            new Measurement(some.stream().map(one -> one.clientBusy().orElseThrow()).toList()));
      }
    });
    return new Result(subject, measured, clientBusy, unable, missing, failures);
  }

  private static String describe(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }
}

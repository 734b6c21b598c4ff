package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The article's delays of 2 s and 3 s in turn, scaled: jobs that do nothing but wait. */
final class DelaysWorkload implements Workload<String> {
  @Override
  public List<SerializableCallable<String>> jobs(Parameters parameters) {
    var mean = parameters.time("length", Duration.ofMillis(25));
    var two = mean.multipliedBy(4).dividedBy(5);
    var three = mean.multipliedBy(6).dividedBy(5);
    return IntStream.range(0, parameters.count("jobs", 20))
        .mapToObj(i -> i % 2 == 0 ? delay(two, "TWO") : delay(three, "THREE"))
        .toList();
  }

  private static SerializableCallable<String> delay(Duration delay, String message) {
    return () -> {
      Thread.sleep(delay);
      return message;
    };
  }
}

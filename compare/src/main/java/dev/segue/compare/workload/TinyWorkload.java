package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.util.List;
import java.util.stream.IntStream;

/** Very many jobs that do next to nothing: what is measured is what a model costs. */
final class TinyWorkload implements Workload<Integer> {
  @Override
  public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
    return IntStream.range(0, parameters.count("jobs", 2_000))
        .mapToObj(TinyWorkload::square)
        .toList();
  }

  private static SerializableCallable<Integer> square(int number) {
    return () -> number * number;
  }
}

package dev.segue.bench;

import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.FORK_JOIN;
import static dev.segue.bench.Contender.LOKY;
import static dev.segue.bench.Contender.MULTIPROCESSING;
import static dev.segue.bench.Contender.ONE_THREAD;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Contender.THREADS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.bench.ProcessPoolBenchmark.SortPrograms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The real contenders, with little to do. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessPoolBenchmarkTest {
  private ProcessPoolBenchmark benchmark;

  /** Prints its scale between the lines that it is timed by. */
  static final class Sorts {
    private Sorts() {}

    public static void main(String[] args) {
      System.out.println("begin");
      System.out.println(Double.parseDouble(System.getProperty("scale")));
      System.out.println("end");
    }
  }

  /** Fails. */
  static final class Dies {
    private Dies() {}

    public static void main(String[] args) {
      System.out.println("no memory");
      System.exit(3);
    }
  }

  @BeforeAll
  void start() throws Exception {
    var sorts = Sorts.class.getName();
    benchmark =
        new ProcessPoolBenchmark(2, 0.001, new SortPrograms(sorts, Dies.class.getName(), sorts));
  }

  @AfterAll
  void stop() throws Exception {
    benchmark.close();
  }

  @Test
  void whoIsNotMeasuredIsMissing() {
    var known = new HashSet<>(benchmark.versions().keySet());
    known.addAll(benchmark.missing().keySet());
    assertThat(known).containsExactlyInAnyOrder(CPYTHON, MULTIPROCESSING, LOKY);
    assertThat(benchmark.versions())
        .doesNotContainKeys(benchmark.missing().keySet().toArray(Contender[]::new));
  }

  @Test
  void poolsOfEachKindDoTheWorksThatTheyShare() throws Exception {
    for (var result : run(PoolWork.ROUND_TRIP, PoolWork.AT_ONCE, PoolWork.SORT)) {
      assertThat(result.failures()).isEmpty();
      assertThat(result.missing()).containsExactlyElementsOf(benchmark.missing().keySet());
      assertThat(result.measured()).containsKeys(SEGUE, FORK_JOIN);
      assertThat(result.measured())
          .containsKeys(benchmark.versions().keySet().toArray(Contender[]::new));
      assertThat(result.measured().values()).allMatch(measured -> measured.least() > 0);
    }
  }

  @Test
  void aProgramOfTheExamplesIsTimedAndOneThatFailsIsHeard() throws Exception {
    var result = run(PoolWork.EXAMPLES).getFirst();
    assertThat(result.measured()).containsOnlyKeys(SEGUE, ONE_THREAD);
    assertThat(result.failures())
        .containsExactly(Map.entry(THREADS, "it ended with exit code 3 and said: no memory"));
  }

  private List<Result> run(PoolWork... works) throws Exception {
    var results = new ArrayList<Result>();
    benchmark.run(Set.of(works), 1, _ -> {}, results::add);
    return results;
  }
}

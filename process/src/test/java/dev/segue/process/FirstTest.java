package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstTest {
  @Test
  void aTaskRunsInAnotherProcess() throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).build()) {
      Future<Long> pid = pool.submit(() -> ProcessHandle.current().pid());
      assertThat(pid.get()).isNotEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void manyTasks() throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).build()) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 10000; i++) {
        int n = i;
        all.add(pool.submit(() -> n * 2));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).get()).isEqualTo(2 * i);
      }
      System.out.println(pool.workers());
    }
  }

  @Test
  void failures() throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).build()) {
      Future<Integer> f = pool.submit(() -> Integer.parseInt("x"));
      assertThatThrownBy(f::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(NumberFormatException.class);
      Future<?> g = pool.submit(() -> System.exit(3));
      assertThatThrownBy(g::get).satisfies(t -> System.out.println(t.getCause()));
      Future<Integer> h = pool.submit(() -> 5);
      assertThat(h.get()).isEqualTo(5);
    }
  }
}

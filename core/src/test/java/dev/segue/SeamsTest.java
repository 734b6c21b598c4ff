package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The schedule and the instrument, which tools install. */
@Timeout(60)
class SeamsTest {
  /** Any ready task next, as a seed says. */
  private static final class RandomSchedule implements Schedule {
    private final List<Task<?>> ready = new ArrayList<>();
    private final Random random;

    RandomSchedule(long seed) {
      random = new Random(seed);
    }

    @Override
    public void add(Task<?> task) {
      ready.add(task);
    }

    @Override
    public Task<?> next() {
      return ready.remove(random.nextInt(ready.size()));
    }

    @Override
    public int size() {
      return ready.size();
    }
  }

  private static List<Integer> order(Schedule schedule) {
    var order = new ArrayList<Integer>();
    var bodies = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      bodies.add(() -> {
        order.add(number);
        Async.checkpoint();
        order.add(number);
        return number;
      });
    }
    EventLoop.builder().schedule(schedule).build().run(() -> Async.gather(bodies));
    return order;
  }

  @Test
  void tasksRunFirstInFirstOut() {
    var order = order(new FifoSchedule());
    assertThat(order.subList(0, 20)).isSorted();
    assertThat(order.subList(20, 40)).isSorted();
  }

  @Test
  void aScheduleDecidesTheOrder() {
    var order = order(new RandomSchedule(1));
    assertThat(order).hasSize(40).isEqualTo(order(new RandomSchedule(1)));
    assertThat(order).isNotEqualTo(order(new RandomSchedule(2)));
  }

  @Test
  @CarrierOnly(Difference.INSTRUMENT)
  void anInstrumentIsToldOfEachStepOfATask() throws Exception {
    var events = new ArrayList<String>();
    var instrument =
        new Instrument() {
          @Override
          public void created(Task<?> task) {
            events.add("created " + task.name());
          }

          @Override
          public void resumed(Task<?> task) {
            events.add("resumed " + task.name());
          }

          @Override
          public void waiting(Task<?> task, String on) {
            events.add(task.name() + " waits for " + on);
          }

          @Override
          public void done(Task<?> task) {
            events.add("done " + task.name() + " " + task.state());
          }
        };
    EventLoop.builder()
        .instrument(instrument)
        .build()
        .run(() -> {
          var child = Async.createTask("child", () -> Async.sleep(Duration.ofMillis(1)));
          child.await();
          Thread.sleep(1);
        });
    assertThat(events)
        .containsExactly(
            "created main",
            "resumed main",
            "created child",
            "main waits for task 'child'",
            "resumed child",
            "child waits for sleep",
            "resumed child",
            "done child SUCCESS",
            "resumed main",
            "main waits for a JDK wait",
            "resumed main",
            "done main SUCCESS");
  }

  @Test
  void aLoopThatAToolBreaksLosesNoTaskAndSaysWhy() {
    var ready = new FifoSchedule();
    var broken =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            ready.add(task);
          }

          @Override
          public Task<?> next() {
            throw new IllegalArgumentException("broken tool");
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
    var loop = EventLoop.builder().name("broken").schedule(broken).start();
    var task = loop.submit(() -> Thread.sleep(1));
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessage("event loop 'broken' failed")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loop.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(loop::close).hasRootCauseMessage("broken tool");
  }
}

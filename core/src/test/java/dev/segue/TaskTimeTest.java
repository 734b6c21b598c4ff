package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What it is where no tool uses it. With one: the tests of the testing module's agent. */
class TaskTimeTest {
  @Test
  void machineTimeAppliesOutsideTasks() {
    assertThat(TaskTime.clock()).isNull();
    TaskTime.wakes(Thread.currentThread());
    assertThatThrownBy(() -> TaskTime.park(null, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the machine's clock");
  }

  @Test
  void machineTimeAppliesInTasksOfARealClock() {
    var clock = Async.run(TaskTime::clock);
    assertThat(clock).isNull();
  }
}

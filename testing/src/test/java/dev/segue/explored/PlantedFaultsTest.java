package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.testing.Exploration;
import dev.segue.testing.Explorer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each planted fault is found, soon, and what is healthy is not blamed. */
class PlantedFaultsTest {
  private static Exploration explore(PlantedFault fault, boolean faulty) {
    return Explorer.builder()
        .cancels(fault.cancels())
        .leftBehind(fault.leftBehind())
        .steps(2_000)
        .build()
        .explore(() -> fault.program(faulty).run());
  }

  @ParameterizedTest
  @CsvSource({
    "LOST_UPDATE, 6",
    "STAMPEDE, 2",
    "QUEUE_AND_CANCEL, 5",
    "LOCK_ORDER, 4",
    "JDK_LOCK_ORDER, 4",
    "TRANSFER, 5",
    "BARRIER, 7",
    "POOL_LEAK, 3",
    "LOST_WAKE_UP, 12",
    "THREAD_ORDER, 9",
    "SPIN, 2",
    "UNOBSERVED, 10",
    "LEFT_BEHIND, 2",
    "VERY_LATE, 2",
    "ONE_ORDER, 712",
    "LEAK_ON_TIME_OUT, 4"
  })
  void isFoundInThatSchedule(PlantedFault fault, int schedule) {
    var exploration = explore(fault, true);
    assertThat(exploration.failure()).isPresent();
    assertThat(exploration.schedules()).isEqualTo(schedule);
  }

  @ParameterizedTest
  @EnumSource
  void theTwinWithoutTheFaultIsClean(PlantedFault fault) {
    var exploration = explore(fault, false);
    assertThat(exploration.failure()).isEmpty();
    assertThat(exploration.uncontrolled()).isEmpty();
  }
}

package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.EventLoop;
import dev.segue.Stall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollapsedStacksTest {
  private static StackTraceElement frame(String method) {
    return new StackTraceElement("Shop", method, "Shop.java", 1);
  }

  @Test
  void theSameStacksAreOneLineWithTheSumOfTheirTimes() {
    try (var loop = EventLoop.builder().name("web; 1").build()) {
      var load = List.of(frame("load"), frame("main"));
      var stalls =
          List.of(
              new Stall(loop, null, Duration.ofMillis(50), Stall.Cause.CPU, load),
              new Stall(loop, null, Duration.ofMillis(200), Stall.Cause.CPU, load),
              new Stall(loop, null, Duration.ofMillis(7), Stall.Cause.CPU, List.of(frame("a"))));
      assertThat(CollapsedStacks.of(stalls))
          .isEqualTo(
              """
              web, 1;(the loop);Shop.a 7
              web, 1;(the loop);Shop.main;Shop.load 250
              """);
    }
  }
}

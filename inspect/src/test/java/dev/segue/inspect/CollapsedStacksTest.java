package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Stall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollapsedStacksTest {
  private static final List<StackTraceElement> LOAD = List.of(frame("load"), frame("main"));

  @TempDir Path folder;

  private static StackTraceElement frame(String method) {
    return new StackTraceElement("Shop", method, "Shop.java", 1);
  }

  private static StallRecord stall(long task, long millis, List<StackTraceElement> stack) {
    return new StallRecord(task, 5_000_000, (5 + millis) * 1_000_000, Stall.Cause.CPU, stack);
  }

  private static TaskRecord task(long id, String name) {
    var zero = Duration.ZERO;
    return new TaskRecord(
        id, name, 0, zero, Ending.SUCCESS, zero, 1, zero, zero, zero, zero, 0, null, null, null);
  }

  private Path written(StallRecord... stalls) throws IOException {
    var loop =
        new LoopRecording(
            "web; 1",
            List.of(task(7, "order\n7")),
            List.of(),
            List.of(stalls),
            List.of(),
            List.of(),
            0,
            0);
    var file = folder.resolve("out.collapsed");
    CollapsedStacks.write(
        new Recording(
            Instant.EPOCH,
            Duration.ofSeconds(1),
            List.of(loop),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        file);
    return file;
  }

  @Test
  void theSameStacksAreOneLineWithTheSumOfTheirTimes() throws IOException {
    assertThat(written(stall(0, 50, LOAD), stall(0, 200, LOAD), stall(0, 7, List.of(frame("a")))))
        .hasContent(
            """
            web, 1;(the loop);Shop.a 7
            web, 1;(the loop);Shop.main;Shop.load 250
            """);
  }

  @Test
  void theTaskThatHeldTheLoopIsNamed() throws IOException {
    assertThat(written(stall(7, 50, LOAD), stall(3, 60, LOAD)))
        .hasContent(
            """
            web, 1;order 7;Shop.main;Shop.load 50
            web, 1;task 3;Shop.main;Shop.load 60
            """);
  }

  @Test
  void withoutStallsTheFileIsEmpty() throws IOException {
    assertThat(written()).isEmptyFile();
  }
}

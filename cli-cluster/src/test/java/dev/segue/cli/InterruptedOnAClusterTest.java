package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ctrl-C, while a cluster that was started for the command is at work. */
@Timeout(300)
@DisabledWhereSigintIsIgnored
class InterruptedOnAClusterTest {
  @Test
  void endsTheCommandWith130AndLeavesNoProcessAndNoNoise() throws Exception {
    try (var jvm =
        ChildJvm.of(Main.class)
            .options(
                "-Xmx512m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED")
            .arguments("examples", "sort-cluster", "--scale=0.5")
            .start()) {
      jvm.await("Again, on executors that are warm");
      var processes = jvm.handle().descendants().toList();
      assertThat(processes).hasSizeGreaterThanOrEqualTo(5); // a master, two workers, two executors
      jvm.signal("INT");
      assertThat(jvm.exitCode()).isEqualTo(130);
      for (var process : processes) {
        process.onExit().join();
      }
      assertThat(jvm.output().lines())
          .allMatch(line ->
              line.startsWith("sort-cluster: ")
                  || line.startsWith("Starting a master")
                  || line.startsWith("Again, ")
                  || line.contains(":MainThread:"));
    }
  }
}

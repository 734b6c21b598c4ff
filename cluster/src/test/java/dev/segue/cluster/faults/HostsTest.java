package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.TestCluster;
import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster on several hosts, of which one is cut off. */
@Tag("fault-injection")
@Tag("long")
@Timeout(400)
class HostsTest {
  @TempDir Path folder;

  @Test
  void aHostThatIsCutOffLosesNothingAndMayComeBack() throws Exception {
    try (var hosts = hosts()) {
      var builder = LocalCluster.builder().config("spark.worker.timeout", "5");
      for (var member : new String[] {"master", "worker-0", "worker-1"}) {
        TestCluster.onHost(builder, member, hosts.address(member), hosts.on(member));
      }
      try (var cluster = TestCluster.start(builder);
          var driver =
              ChildJvm.of(HostProgram.class)
                  .options("-Xmx512m")
                  .before(hosts.on("driver").toArray(String[]::new))
                  .arguments(cluster.master(), hosts.address("driver"), folder.toString())
                  .start()) {
        await(driver, "begun");

        hosts.cut("worker-1");

        await(driver, "lost");
        hosts.connect("worker-1");
        await(driver, "back");
        assertThat(driver.exitCode()).isZero();
        System.out.println(driver.line("right"));
      }
    }
  }

  /** Waits for a signal of the driver's, until the test's time-out if need be. */
  private void await(ChildJvm driver, String signal) throws Exception {
    while (!folder.resolve(signal).toFile().exists()) {
      if (!driver.handle().isAlive()) {
        throw new AssertionError("'" + signal + "' never came; the output was\n" + driver.output());
      }
      Thread.sleep(10);
    }
  }

  private static Namespaces hosts() throws InterruptedException {
    try {
      return new Namespaces("master", "worker-0", "worker-1", "driver");
    } catch (IOException e) {
      return abort("left out, as this machine gives no hosts of its own: " + e.getMessage());
    }
  }
}

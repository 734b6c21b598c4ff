package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large values whose workers are killed while they receive, compute and send. */
@Tag("stress")
@Timeout(180)
class LargeValuesUnderKillsTest extends WithPools {
  private static final int LENGTH = 1 << 20;

  /** A value and what it must come back as. */
  private record Sent(Future<byte[]> result, byte filling) {}

  @Test
  void comeBackAsTheyWereSent() throws Exception {
    var pool = pool(2);
    var random = new Random(11);
    var sent = new ArrayList<Sent>();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 10; i++) {
        byte filling = (byte) (round * 10 + i);
        var array = new byte[LENGTH];
        Arrays.fill(array, filling);
        sent.add(new Sent(pool.submit(named("echo").withRetries(100), () -> array), filling));
        Arrays.fill(array, (byte) -1); // what was submitted is a copy
      }
      var pids = pool.workers().stream().map(WorkerInfo::pid).filter(pid -> pid > 0).toList();
      if (!pids.isEmpty() && round % 4 == 3) {
        Processes.kill(pids.get(random.nextInt(pids.size())));
      }
      sent.get(random.nextInt(sent.size())).result().cancel(true);
    }
    for (var each : sent) {
      if (!each.result().isCancelled()) {
        var expected = new byte[LENGTH];
        Arrays.fill(expected, each.filling());
        assertThat(Arrays.equals(Await.result(each.result()), expected)).isTrue();
      }
    }
  }
}

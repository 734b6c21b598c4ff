package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.inspect.JfrEvents;
import dev.segue.process.ProcessPoolExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a process pool, which knows nothing of the Flight Recorder, is in its recordings. */
@Timeout(60)
class PoolInFlightRecorderTest {
  @TempDir Path folder;

  @Test
  void aTaskOfAPoolThatIsOlderThanTheRecordingIsInIt() throws Exception {
    JfrEvents.turnOn();
    var file = folder.resolve("out.jfr");
    long pid;
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build();
        var recording = new Recording()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      recording.enable("dev.segue.PoolTask").withThreshold(Duration.ZERO);
      recording.start();
      pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      recording.stop();
      recording.dump(file);
    }
    var events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.segue.PoolTask"))
            .toList();
    assertThat(events).hasSize(1);
    var event = events.getFirst();
    assertThat(event.getString("pid")).isEqualTo(Long.toString(pid));
    assertThat(event.getString("task")).isEqualTo("task-2");
    assertThat(event.getString("outcome")).isEqualTo("success");
    assertThat(event.getLong("bytes")).isPositive();
  }
}

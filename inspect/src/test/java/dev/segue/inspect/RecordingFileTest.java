package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("out.segue");
  }

  private static Recording recording() {
    var recorder = new Recorder();
    for (var name : List.of("first", "zweite Schleife ⟳")) {
      try (var loop = EventLoop.builder().name(name).instrument(recorder.forNewLoop()).build()) {
        loop.run(() -> {
          Async.createTask("child", () -> Async.sleep(Duration.ofMillis(1)));
          Async.createTask("cancelled", () -> Async.sleep(Duration.ofDays(1)));
          Async.sleep(Duration.ofMillis(5));
        });
      }
    }
    return recorder.recording();
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    var recording = recording();
    RecordingFile.write(recording, file);
    assertThat(RecordingFile.read(file)).isEqualTo(recording);
  }

  @Test
  void soAreGraphsFailuresPoolsThreadsAndMarks() throws Exception {
    var recorder = new Recorder();
    try (var pool = recorder.recorded("pool", Executors.newFixedThreadPool(1));
        var _ = recorder.recordThreads("threads");
        var loop =
            EventLoop.builder()
                .instrument(recorder.forNewLoop())
                .exceptionHandler((_, _) -> {})
                .build()) {
      pool.submit(() -> 1).get();
      Thread.sleep(1);
      loop.run(() -> {
        recorder.mark("here");
        var tasks = new ArrayList<Task<?>>();
        tasks.add(Async.createTask("one", () -> tasks.get(1).await()));
        tasks.add(Async.createTask("other", () -> tasks.get(0).await()));
        Async.sleep(Duration.ofMillis(1));
      });
    }
    recorder.mark("there");
    var recording = recorder.recording();
    assertThat(recording.pools()).isNotEmpty();
    assertThat(recording.threads()).isNotEmpty();
    assertThat(recording.loops().getFirst().graphs()).isNotEmpty();
    assertThat(recording.loops().getFirst().failures()).isNotEmpty();
    RecordingFile.write(recording, file);
    assertThat(RecordingFile.read(file)).isEqualTo(recording);
  }

  @Test
  void anEmptyRecordingCanBeWrittenToo() throws IOException {
    var recording = new Recorder().recording();
    RecordingFile.write(recording, file);
    assertThat(RecordingFile.read(file)).isEqualTo(recording);
  }

  @Test
  void aFileThatIsCutOffAnywhereIsSaidToBeDamaged() throws IOException {
    RecordingFile.write(recording(), file);
    var all = Files.readAllBytes(file);
    for (int length = "segue recording 1\n".length(); length < all.length; length += 7) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThatThrownBy(() -> RecordingFile.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is damaged");
    }
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Files.writeString(file, "<!doctype html>");
    assertThatThrownBy(() -> RecordingFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not a recording of Segue's");
  }

  @Test
  void aLaterFormatIsRefused() throws IOException {
    Files.writeString(file, "segue recording 2\nwhatever");
    assertThatThrownBy(() -> RecordingFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " was written by a later version of Segue");
  }

  // --- columns

  private static Columns copied(Columns columns) throws IOException {
    var bytes = new ByteArrayOutputStream();
    columns.writeTo(bytes);
    return Columns.readFrom(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void numbersKeepTheirValuesAlsoExtremeOnes() throws IOException {
    var numbers = List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 127L, 128L);
    var columns = new Columns();
    columns.putNumbers("n", numbers, number -> number);
    assertThat(copied(columns).numbers("n", 6)).isEqualTo(numbers);
  }

  @Test
  void whatAnEarlierVersionDidNotWriteIsZeroOrEmpty() throws IOException {
    var columns = copied(new Columns());
    assertThat(columns.numbers("new", 2)).containsExactly(0L, 0L);
    assertThat(columns.texts("new", 2)).containsExactly("", "");
    assertThat(columns.constants("new", 2, State.class)).containsExactly(null, null);
  }

  @Test
  void constantsAreFoundByTheirNames() throws IOException {
    var columns = new Columns();
    columns.putTexts("state constants", List.of("WAITING", "LATER", "READY"), name -> name);
    columns.putNumbers("state", List.of(0L, 1L, 2L, 3L, 4L), number -> number);
    assertThat(copied(columns).constants("state", 5, State.class))
        .containsExactly(null, State.WAITING, null, State.READY, null);
  }

  @Test
  void aColumnOfAnotherLengthIsRefused() {
    var columns = new Columns();
    columns.putNumbers("n", List.of(1L), number -> number);
    assertThatThrownBy(() -> columns.numbers("n", 2)).isInstanceOf(IOException.class);
  }
}

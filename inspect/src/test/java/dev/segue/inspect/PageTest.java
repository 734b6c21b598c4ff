package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  @TempDir Path folder;

  /** The article's program: THREE blocks the loop. */
  private static Recording recording(String third) {
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().name("main").instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> {
        var one = Async.createTask("ONE", () -> steps(false));
        var two = Async.createTask("TWO", () -> steps(false));
        var three = Async.createTask(third, () -> steps(true));
        Async.gather(one::await, two::await, three::await);
      });
    }
    return recorder.recording();
  }

  private static void steps(boolean blocks) {
    for (int i = 0; i < 3; i++) {
      if (blocks) {
        long end = System.nanoTime() + Duration.ofMillis(150).toNanos();
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
      }
      Async.sleep(Duration.ofMillis(50));
    }
  }

  @Test
  void aNameInADrawingIsNoPlaceForAnotherPart() {
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> {
        Async.createTask("%DATA%%SCRIPT%", () -> Async.sleep(Duration.ofDays(1)));
        Async.checkpoint();
        assertThat(Page.of(recorder.recording())).contains(">%DATA%%SCRIPT%</text>");
      });
    }
  }

  @Test
  void itIsOneFileThatLoadsNothing() throws IOException {
    var file = folder.resolve("page.html");
    Page.write(recording("THREE"), file);
    var keep = System.getProperty("segue.page");
    if (keep != null) {
      Files.copy(file, Path.of(keep), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(Files.readString(file))
        .startsWith("<!doctype html>")
        .contains("default-src 'none'")
        .doesNotContain("http:", "https:", "%DATA%", "%SCRIPT%");
  }
}

package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadRecorderTest {
  private final Recorder recorder = new Recorder();

  private ThreadRecording thread(String name) {
    return recorder.recording().threads().stream()
        .filter(thread -> thread.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aThreadHasItsWaitsAndWhereItWaited() throws Exception {
    var go = new CountDownLatch(1);
    try (var _ = recorder.recordThreads("test")) {
      var sleeper =
          Thread.ofPlatform()
              .name("sleeper")
              .start(() -> {
                try {
                  Thread.sleep(20);
                  go.await();
                } catch (InterruptedException _) {
                  // It ends.
                }
              });
      Thread.sleep(60);
      go.countDown();
      sleeper.join();
    }
    var recorded = thread("sleeper");
    assertThat(recorded.group()).isEqualTo("test");
    assertThat(recorded.spans().stream().filter(each -> each.state() == State.WAITING))
        .extracting(ThreadRecording.Period::doing)
        .satisfies(texts -> {
          assertThat(texts.getFirst()).matches("in Thread.sleep, at ThreadRecorderTest.java:\\d+");
          assertThat(texts.getLast())
              .matches("in CountDownLatch.await, at ThreadRecorderTest.java:\\d+");
        });
  }

  @Test
  void aWaitBelowAMethodReferenceHasNoLine() throws Exception {
    var go = new CompletableFuture<Void>();
    try (var _ = recorder.recordThreads("test")) {
      var waiter = Thread.ofPlatform().name("waiter").start(go::join);
      while (waiter.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      Thread.sleep(5); // real time: a wait below 100 µs is taken for running
      go.complete(null);
      waiter.join();
    }
    assertThat(thread("waiter").spans())
        .extracting(ThreadRecording.Period::doing)
        .contains("in CompletableFuture.join");
  }

  @Test
  void itsPeriodsFollowEachOther() throws Exception {
    try (var _ = recorder.recordThreads("test")) {
      var thread = Thread.ofPlatform().name("sleeper").start(ThreadRecorderTest::nap);
      thread.join();
    }
    long end = -1;
    for (var period : thread("sleeper").spans()) {
      assertThat(period.to()).isGreaterThan(period.from());
      assertThat(end == -1 ? period.from() : end).isEqualTo(period.from());
      end = period.to();
    }
  }

  private static void nap() {
    try {
      for (int i = 0; i < 5; i++) {
        Thread.sleep(Duration.ofMillis(2));
      }
    } catch (InterruptedException _) {
      // It ends.
    }
  }

  @Test
  void whatATaskSaysIsItsOwn() {
    try (var loop = EventLoop.builder().instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> Async.createTask("speaker", () -> recorder.mark("here")).await());
    }
    recorder.mark("outside");
    var recording = recorder.recording();
    var speaker =
        recording.loops().getFirst().tasks().stream()
            .filter(task -> task.name().equals("speaker"))
            .findFirst()
            .orElseThrow();
    assertThat(recording.marks())
        .extracting(Mark::text, Mark::loop, Mark::task)
        .containsExactly(tuple("here", 0, speaker.id()), tuple("outside", null, 0L));
  }

  @Test
  void theLastTenThousandMarksAreKept() {
    for (int i = 0; i < 10_010; i++) {
      recorder.mark("mark " + i);
    }
    assertThat(List.copyOf(recorder.recording().marks()))
        .hasSize(10_000)
        .first()
        .extracting(Mark::text)
        .isEqualTo("mark 10");
  }
}

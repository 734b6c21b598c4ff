package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.EventLoop;
import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import shop.Order;

@Timeout(120)
class JfrEventsTest {
  @TempDir Path folder;

  private interface Part {
    void run() throws Exception;
  }

  @BeforeAll
  static void turnOn() {
    assertThat(JfrEvents.turnOn()).isTrue();
    assertThat(JfrEvents.turnOn()).isTrue(); // changes nothing
  }

  /** The events of Segue's that a recording has, which a body ran in. */
  private List<RecordedEvent> recorded(Part body) throws Exception {
    var file = folder.resolve("out.jfr");
    try (var recording = new Recording()) {
      recording.enable("dev.segue.Task").withThreshold(Duration.ofMillis(1));
      recording.enable("dev.segue.LoopStatistics").with("period", "endChunk");
      recording.start();
      body.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("dev.segue."))
        .toList();
  }

  private static List<RecordedEvent> of(String type, List<RecordedEvent> events) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.segue." + type))
        .toList();
  }

  private static void run(dev.segue.Action<Exception> body) throws Exception {
    try (var loop = EventLoop.builder().name("web").build()) {
      loop.run(body);
    }
  }

  @Test
  void aWaitHasTheTaskItsLineItsStackAndWhatEndedIt() throws Exception {
    var event =
        of("Wait", recorded(() -> run(() -> Async.createTask("load", Order::load).await())))
            .stream()
            .filter(wait -> wait.getString("task").equals("load"))
            .findFirst()
            .orElseThrow();
    assertThat(event.getString("waitsFor")).isEqualTo("sleep");
    assertThat(event.getString("wokenBy")).isEqualTo("timer");
    assertThat(event.getString("taskId")).isEqualTo("web#2");
    assertThat(event.getString("where")).isEqualTo("shop.Order.load(Order.java:12)");
    assertThat(event.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    assertThat(event.getStackTrace().getFrames())
        .anyMatch(frame -> frame.getMethod().getType().getName().equals("shop.Order"));
  }

  @Test
  void ofAWaitThatATaskEndsThatTaskIsNamed() throws Exception {
    var events =
        of(
            "Wait",
            recorded(() ->
                run(() -> {
                  var event = new AsyncEvent();
                  Async.createTask(
                      "setter",
                      () -> {
                        Order.load();
                        event.set();
                      });
                  event.await();
                })));
    assertThat(events)
        .anySatisfy(wait -> {
          assertThat(wait.getString("waitsFor")).isEqualTo("event 1");
          assertThat(wait.getString("wokenBy")).isEqualTo("task");
          assertThat(wait.getString("wakerId")).isEqualTo("web#2");
        });
  }

  @Test
  void aTaskHasItsEndAndItsSums() throws Exception {
    var events =
        of(
            "Task",
            recorded(() ->
                run(() -> {
                  var failing =
                      Async.createTask(
                          "failing",
                          () -> {
                            Order.load();
                            throw new IllegalStateException("oops");
                          });
                  assertThat(failing.outcome()).isNotNull();
                })));
    var failing =
        events.stream()
            .filter(task -> task.getString("task").equals("failing"))
            .findFirst()
            .orElseThrow();
    assertThat(failing.getString("outcome")).isEqualTo("java.lang.IllegalStateException: oops");
    assertThat(failing.getString("parentId")).isEqualTo("web#1");
    assertThat(failing.getLong("steps")).isEqualTo(2);
    assertThat(failing.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  void aStallHasItsCauseAndTheStackOfWhatHeldTheLoop() throws Exception {
    var events =
        of(
            "Stall",
            recorded(() ->
                run(() -> {
                  long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
                  while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                  }
                })));
    assertThat(events)
        .anySatisfy(stall -> {
          assertThat(stall.getString("cause")).isEqualTo("cpu");
          assertThat(stall.getString("task")).isEqualTo("main");
          assertThat(stall.getString("stack")).contains("JfrEventsTest");
          assertThat(stall.getDuration("lasted")).isGreaterThan(Duration.ofMillis(49));
        });
  }

  @Test
  void aLoopThatRunsAlreadyIsRecordedWithItsStatistics() throws Exception {
    try (var loop = EventLoop.builder().name("older").start()) {
      loop.submit(() -> {}).get();
      var events = recorded(() -> loop.submit(Order::load).get());
      assertThat(of("Wait", events)).hasSize(1);
      assertThat(of("LoopStatistics", events))
          .anySatisfy(statistics -> {
            assertThat(statistics.getString("loop")).isEqualTo("older");
            assertThat(statistics.getDouble("utilization")).isBetween(0.0, 1.0);
          });
    }
  }

  @Test
  void aSecondRecordingHasEachEventOnce() throws Exception {
    try (var older = EventLoop.builder().name("older").start()) {
      recorded(() -> older.submit(Order::load).get());
      assertThat(of("Wait", recorded(() -> older.submit(Order::load).get()))).hasSize(1);
    }
  }

  @Test
  void aLoopThatIsBuiltWhileARecordingRunsIsInTheNextOneOnce() throws Exception {
    var loops = new ArrayList<EventLoop>();
    recorded(() -> {
      loops.add(EventLoop.builder().start());
      loops.getFirst().submit(Order::load).get();
    });
    try (var loop = loops.getFirst()) {
      assertThat(of("Wait", recorded(() -> loop.submit(Order::load).get()))).hasSize(1);
    }
  }

  @Test
  void aTaskOfAPoolHasWhereItRanForHowLongAndItsEnd() throws Exception {
    var pool = new JfrPool("pool-1");
    var events =
        of(
            "PoolTask",
            recorded(() -> {
              pool.submitted(1, "thumbnail", 1_000);
              pool.submitted(2, "next", 2_000);
              pool.given(1, "pool-1-worker-1", 4711);
              pool.given(2, "pool-1-worker-1", 4711); // ahead, to be begun when it has ended 1
              Thread.sleep(20);
              pool.ended(1, Future.State.SUCCESS);
              Thread.sleep(20);
              pool.ended(2, Future.State.FAILED);
            }));
    assertThat(events).hasSize(2);
    var first = events.getFirst();
    assertThat(first.getString("pool")).isEqualTo("pool-1");
    assertThat(first.getString("task")).isEqualTo("thumbnail");
    assertThat(first.getString("submitter")).isEqualTo(Thread.currentThread().getName());
    assertThat(first.getString("worker")).isEqualTo("pool-1-worker-1");
    assertThat(first.getString("pid")).isEqualTo("4711");
    assertThat(first.getLong("bytes")).isEqualTo(1_000);
    assertThat(first.getString("outcome")).isEqualTo("success");
    var second = events.getLast();
    assertThat(second.getString("outcome")).isEqualTo("failed");
    assertThat(second.getDuration("queued")).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    assertThat(second.getDuration("running")).isBetween(ms(20), second.getDuration().minus(ms(20)));
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void aTaskThatNoWorkerHadWasQueuedAllTheTime() throws Exception {
    var pool = new JfrPool("pool-1");
    var events =
        of(
            "PoolTask",
            recorded(() -> {
              pool.submitted(1, "unwanted", 1_000);
              Thread.sleep(20);
              pool.ended(1, Future.State.CANCELLED);
              pool.ended(2, Future.State.SUCCESS); // submitted before the recording began
            }));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().getString("worker")).isNull();
    assertThat(events.getFirst().getDuration("queued")).isGreaterThanOrEqualTo(ms(20));
    assertThat(events.getFirst().getDuration("running")).isZero();
  }

  /** Turns the events on, and uses a loop. */
  static final class WithoutARecording {
    public static void main(String[] args) {
      JfrEvents.turnOn();
      Async.run(Order::load);
    }
  }

  @Test
  void withoutARecordingNoEventIsLoaded() throws IOException, InterruptedException {
    try (var child = ChildJvm.start(WithoutARecording.class, "-Xlog:class+load")) {
      assertThat(child.output())
          .contains("dev.segue.inspect.JfrListener ")
          .doesNotContain("dev.segue.inspect.JfrEvent$");
    }
  }
}

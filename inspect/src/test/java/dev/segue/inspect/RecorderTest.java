package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.EventLoop;
import dev.segue.Waiting;
import dev.segue.Wake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecorderTest {
  private static <X extends Throwable> LoopRecording recorded(Recorder recorder, Action<X> body)
      throws X {
    try (var loop = EventLoop.builder().name("main").instrument(recorder.forNewLoop()).build()) {
      loop.run(body);
    }
    return recorder.recording().loops().getFirst();
  }

  private static <X extends Throwable> LoopRecording recorded(Action<X> body) throws X {
    return recorded(new Recorder(), body);
  }

  private static TaskRecord task(LoopRecording recording, String name) {
    return recording.tasks().stream().filter(task -> task.name().equals(name)).findFirst().get();
  }

  private static List<Span> spans(LoopRecording recording, String name, State state) {
    long id = task(recording, name).id();
    return recording.spans().stream()
        .filter(span -> span.task() == id && span.state() == state)
        .toList();
  }

  private static void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aReadingOfTheClockHasItsPlaceOnTheTimeAxis() {
    var recorder = new Recorder();
    long before = System.nanoTime();
    recorder.mark("now");
    long after = System.nanoTime();
    var mark = recorder.recording().marks().getFirst();
    assertThat(mark.at()).isBetween(recorder.at(before).toNanos(), recorder.at(after).toNanos());
  }

  @Test
  void aTaskHasItsNameItsParentAndItsEnding() {
    var recording =
        recorded(() -> {
          Async.createTask("good", () -> {}).await();
          var bad =
              Async.createTask(
                  "bad",
                  () -> {
                    throw new IllegalStateException();
                  });
          assertThatThrownBy(bad::await).hasRootCauseInstanceOf(IllegalStateException.class);
          var slow = Async.createTask("slow", () -> Async.sleep(Duration.ofDays(1)));
          Async.checkpoint();
          slow.cancel();
        });
    assertThat(recording.name()).isEqualTo("main");
    assertThat(recording.tasks())
        .extracting(TaskRecord::name, TaskRecord::ending)
        .containsExactly(
            tuple("main", Ending.SUCCESS),
            tuple("good", Ending.SUCCESS),
            tuple("bad", Ending.FAILURE),
            tuple("slow", Ending.CANCELLATION));
    assertThat(task(recording, "good").parent()).isEqualTo(task(recording, "main").id());
    assertThat(task(recording, "main").parent()).isZero();
  }

  @Test
  void aStepThatHoldsTheLoopIsLongAndTheOthersAreReadyMeanwhile() {
    var recording =
        recorded(() -> {
          var other = Async.createTask("other", () -> Async.sleep(Duration.ofMillis(5)));
          Async.checkpoint();
          compute(Duration.ofMillis(50));
          other.await();
        });
    var main = task(recording, "main");
    assertThat(main.longestStep()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(task(recording, "other").ready()).isGreaterThanOrEqualTo(Duration.ofMillis(40));
    var ready = spans(recording, "other", State.READY).getLast();
    assertThat(ready.wokenBy()).isEqualTo(Wake.TIMER);
    assertThat(ready.nanos()).isGreaterThanOrEqualTo(Duration.ofMillis(40).toNanos());
  }

  @Test
  void aWaitHasItsKindAndItsEndTheTaskThatBroughtIt() {
    var recording =
        recorded(() -> {
          var lock = new AsyncLock();
          var lease = lock.acquire();
          var second = Async.createTask("second", () -> lock.acquire().close());
          Async.sleep(Duration.ofMillis(1));
          lease.close();
          second.await();
        });
    assertThat(spans(recording, "second", State.WAITING))
        .singleElement()
        .satisfies(span -> {
          assertThat(span.waitsFor()).isEqualTo(Waiting.Kind.LOCK);
          assertThat(span.number()).isOne();
        });
    assertThat(spans(recording, "second", State.RUNNING).getLast())
        .satisfies(span -> {
          assertThat(span.wokenBy()).isEqualTo(Wake.TASK);
          assertThat(span.waker()).isEqualTo(task(recording, "main").id());
        });
  }

  @Test
  void theSpansOfATaskFollowEachOtherAndAddUpToItsSums() {
    var recording =
        recorded(() ->
            Async.gather(() -> work(3), () -> work(5), () -> work(7), () -> Async.sleep(ms(1))));
    for (var task : recording.tasks()) {
      var spans = recording.spans().stream().filter(span -> span.task() == task.id()).toList();
      assertThat(spans.getFirst().from()).isEqualTo(task.created().toNanos());
      assertThat(spans.getLast().to()).isEqualTo(task.ended().toNanos());
      for (int i = 1; i < spans.size(); i++) {
        assertThat(spans.get(i).from()).isEqualTo(spans.get(i - 1).to());
      }
      assertThat(sum(spans, State.RUNNING)).isEqualTo(task.running().toNanos());
      assertThat(sum(spans, State.READY)).isEqualTo(task.ready().toNanos());
      assertThat(sum(spans, State.WAITING)).isEqualTo(task.waiting().toNanos());
      assertThat(spans.stream().filter(span -> span.state() == State.RUNNING))
          .hasSize((int) task.steps());
    }
  }

  private static Duration ms(int millis) {
    return Duration.ofMillis(millis);
  }

  private static void work(int times) {
    for (int i = 0; i < times; i++) {
      Async.checkpoint();
      Async.sleep(Duration.ofNanos(i));
      Async.toThread(() -> {});
    }
  }

  private static long sum(List<Span> spans, State state) {
    return spans.stream().filter(span -> span.state() == state).mapToLong(Span::nanos).sum();
  }

  @Test
  void whatIsLostIsCountedAndTheRestIsRight() {
    var recording =
        recorded(
            new Recorder(64),
            () -> {
              for (int i = 0; i < 1_000; i++) {
                Async.createTask("child-" + i, () -> {}).await();
              }
            });
    assertThat(recording.tasks()).extracting(TaskRecord::name).contains("main", "child-999");
    assertThat(recording.tasks().size() + recording.lostTasks()).isEqualTo(1_001);
    assertThat(recording.lostEvents()).isPositive();
    assertThat(task(recording, "main").steps()).isEqualTo(1_001);
    assertThat(recording.spans()).isNotEmpty().allMatch(span -> span.nanos() >= 0);
  }

  @Test
  void aLoopThatRunsIsRecordedFromThenOn() throws Exception {
    var recorder = new Recorder();
    var added = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("running").start()) {
      var task =
          loop.submit(() -> {
            Async.toThread(() -> {
              added.await();
              return "";
            });
            return "done";
          });
      recorder.record(loop);
      added.countDown();
      assertThat(task.get()).isEqualTo("done");
    }
    assertThat(recorder.recording().loops())
        .singleElement()
        .satisfies(recording ->
            assertThat(recording.tasks())
                .filteredOn(task -> task.ending() == Ending.SUCCESS)
                .isNotEmpty());
  }

  @Test
  void aTaskMayHaveItsOwnLoopRecorded() {
    var recorder = new Recorder();
    EventLoop.builder()
        .build()
        .run(() -> {
          recorder.record(Async.currentLoop());
          Async.sleep(Duration.ofMillis(1));
          Async.createTask("child", () -> {}).await();
        });
    assertThat(recorder.recording().loops().getFirst().tasks())
        .extracting(TaskRecord::name, TaskRecord::ending, TaskRecord::steps)
        .containsExactly(tuple("main", Ending.SUCCESS, 2L), tuple("child", Ending.SUCCESS, 1L));
  }

  @Test
  void aLoopThatIsHeldIsReadFromOutside() throws Exception {
    var recorder = new Recorder();
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("held").instrument(recorder.forNewLoop()).start()) {
      Future<?> holder =
          loop.submit(() -> {
            begun.countDown();
            while (release.getCount() > 0) {
              Thread.onSpinWait();
            }
          });
      begun.await();
      var recording = recorder.recording().loops().getFirst();
      release.countDown();
      holder.get();
      assertThat(recording.spans().getLast().state()).isEqualTo(State.RUNNING);
      assertThat(recording.tasks().getFirst().ending()).isEqualTo(Ending.NONE);
      assertThat(recording.tasks().getFirst().steps()).isOne();
    }
  }

  @Test
  void aRecordingMayBeTakenAtAnyTime() throws Exception {
    var recorder = new Recorder(256);
    var loops = new ArrayList<EventLoop>();
    for (int i = 0; i < 4; i++) {
      loops.add(EventLoop.builder().name("loop" + i).instrument(recorder.forNewLoop()).start());
    }
    var tasks = new ArrayList<Future<?>>();
    for (var loop : loops) {
      tasks.add(
          loop.submit(() -> {
            for (int i = 0; i < 20_000; i++) {
              Async.createTask("child", Async::checkpoint).await();
            }
          }));
    }
    while (!tasks.stream().allMatch(Future::isDone)) {
      for (var loop : recorder.recording().loops()) {
        assertThat(loop.spans()).allMatch(span -> span.nanos() >= 0);
        assertThat(loop.tasks()).allMatch(task -> task.id() > 0 && task.steps() >= 0);
      }
    }
    loops.forEach(EventLoop::close);
    assertThat(recorder.recording().loops())
        .hasSize(4)
        .allSatisfy(loop -> assertThat(loop.tasks().size() + loop.lostTasks()).isEqualTo(20_001));
  }

  @Test
  void aNumberOfEventsThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new Recorder(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Recorder(Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Recorder().record(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("loop must not be null");
  }
}

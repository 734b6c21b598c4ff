package dev.segue.compare;

import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.PoolRecording;
import dev.segue.inspect.PoolTaskRecord;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.Recording;
import dev.segue.inspect.Span;
import dev.segue.inspect.StallRecord;
import dev.segue.inspect.TaskRecord;
import dev.segue.inspect.ThreadRecording;
import dev.segue.inspect.WorkerRecord;
import java.time.Duration;
import java.util.List;

/**
 * The recording of one turn, counted from the turn's beginning instead of the recorder's, so that
 * those of several models fit on one axis.
 */
final class Timeline {
  private final long start;
  private final long length;

  private Timeline(long start, long length) {
    this.start = start;
    this.length = length;
  }

  /** What a recorder has of a turn. */
  static Recording of(Recorder recorder, Turn turn) {
    return new Timeline(recorder.at(turn.start()).toNanos(), turn.wall()).of(recorder.recording());
  }

  private Recording of(Recording recording) {
    return new Recording(
        recording.began().plusNanos(start),
        Duration.ofNanos(length),
        recording.loops().stream().map(this::of).toList(),
        recording.pools().stream().map(this::of).toList(),
        recording.threads().stream().map(this::of).toList(),
        List.of(),
        List.of());
  }

  /** Nothing is before the beginning, or after the end. */
  private long at(long time) {
    return Math.clamp(time - start, 0, length);
  }

  /** -1 stands for never. */
  private long atOrNever(long time) {
    return time < 0 ? time : at(time);
  }

  private Duration at(Duration time) {
    return Duration.ofNanos(at(time.toNanos()));
  }

  private LoopRecording of(LoopRecording loop) {
    return new LoopRecording(
        loop.name(),
        loop.tasks().stream().map(this::of).toList(),
        loop.spans().stream().map(this::of).toList(),
        loop.stalls().stream().map(this::of).toList(),
        List.of(),
        List.of(),
        loop.lostEvents(),
        loop.lostTasks());
  }

  private TaskRecord of(TaskRecord task) {
    return new TaskRecord(
        task.id(),
        task.name(),
        task.parent(),
        at(task.created()),
        task.ending(),
        at(task.ended()),
        task.steps(),
        task.running(),
        task.ready(),
        task.waiting(),
        task.longestStep(),
        task.yields(),
        task.createdAt(),
        task.waitedAt(),
        task.yieldedAt());
  }

  private Span of(Span span) {
    return new Span(
        span.task(),
        span.state(),
        at(span.from()),
        at(span.to()),
        span.waitsFor(),
        span.number(),
        span.wokenBy(),
        span.waker());
  }

  private StallRecord of(StallRecord stall) {
    return new StallRecord(
        stall.task(), at(stall.from()), at(stall.to()), stall.cause(), stall.stack());
  }

  private PoolRecording of(PoolRecording pool) {
    return new PoolRecording(
        pool.name(),
        pool.tasks().stream().map(this::of).toList(),
        pool.workers().stream().map(this::of).toList(),
        pool.lostTasks());
  }

  private PoolTaskRecord of(PoolTaskRecord task) {
    return new PoolTaskRecord(
        task.id(),
        task.name(),
        task.submitter(),
        at(task.submitted()),
        atOrNever(task.began()),
        atOrNever(task.ended()),
        task.worker(),
        task.ending());
  }

  private WorkerRecord of(WorkerRecord worker) {
    return new WorkerRecord(worker.name(), at(worker.from()), atOrNever(worker.to()));
  }

  private ThreadRecording of(ThreadRecording thread) {
    var periods =
        thread.spans().stream()
            .filter(period -> period.to() > start && period.from() < start + length)
            .map(period ->
                new ThreadRecording.Period(
                    period.state(), at(period.from()), at(period.to()), period.doing()))
            .toList();
    return new ThreadRecording(thread.group(), thread.name(), thread.id(), periods);
  }
}

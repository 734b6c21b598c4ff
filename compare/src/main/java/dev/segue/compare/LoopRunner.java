package dev.segue.compare;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;
import dev.segue.inspect.Recorder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A task for each job, on one event loop. */
final class LoopRunner implements Runner {
  private static final Duration STALL = Duration.ofMillis(50);

  /** What is nobody's fault, or the first use's. */
  private static final Set<Stall.Cause> EXCUSED =
      Set.of(
          Stall.Cause.NO_PROCESSOR,
          Stall.Cause.LOOP,
          Stall.Cause.JDK_FAULT,
          Stall.Cause.CLASS_LOADING);

  private final Map<String, Message.Held> held = new LinkedHashMap<>(); // guarded by this
  private final EventLoop loop =
      EventLoop.builder()
          .name(Model.EVENT_LOOP.title())
          .stallThreshold(STALL)
          .stallHandler(this::stalled)
          .start();

  @Override
  public void run(Turn turn, @Nullable Recorder recorder) throws InterruptedException {
    if (recorder == null) {
      run(turn);
      return;
    }
    var instrument = recorder.forNewLoop();
    loop.addInstrument(instrument);
    run(turn);
    loop.removeInstrument(instrument);
  }

  private void run(Turn turn) throws InterruptedException {
    turn.begin();
    var _ =
        loop.submit(() ->
            turn.feed(job -> {
              var _ = Async.createTask(name(job), () -> turn.run(job));
            }));
    turn.await();
  }

  private static String name(int job) {
    return "job " + (job + 1);
  }

  private synchronized void stalled(Stall stall) {
    var at = Texts.at(stall.stack());
    if (at != null && !EXCUSED.contains(stall.cause())) {
      held.merge(
          at,
          new Message.Held(at, stall.lasted().toMillis(), stall.cause().remedy()),
          (one, other) -> one.millis() > other.millis() ? one : other);
    }
  }

  @Override
  public synchronized List<Message.Held> held() {
    var all = List.copyOf(held.values());
    held.clear();
    return all;
  }
}

package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import traps.Traps;

/** Each fault is found, at its task and its line; and nothing is where there is none. */
@Timeout(120)
class LintsTest {
  private static final Path SOURCE = Path.of("src/test/java/traps/Traps.java");

  /** The machine may hold a thread for as long as a fault does, but hardly so often. */
  private static final int TRIES = 5;

  private static void check(Lint lint, String task, Traps.Program program) throws Exception {
    var findings = program.run(false).findings();
    var found = findings.stream().filter(finding -> finding.lint() == lint).toList();
    assertThat(found).as("%s among %s", lint, findings).isNotEmpty();
    var first = found.getFirst();
    assertThat(first.title()).contains(task);
    assertThat(first.advice()).endsWith(".");
    assertThat(first.where()).as(first.title()).isNotNull();
    assertThat(first.where().getLineNumber()).as(first.title()).isEqualTo(line(lint));
    assertThat(first.title()).endsWith(" (Traps.java:" + line(lint) + ").");
    assertThat(first.from()).isBetween(0L, first.to());

    List<Finding> twin = List.of();
    for (int i = 0; i < TRIES; i++) {
      twin = program.run(true).findings();
      if (twin.isEmpty()) {
        return;
      }
    }
    assertThat(twin).isEmpty();
  }

  private static int line(Lint lint) throws IOException {
    var lines = Files.readAllLines(SOURCE);
    return 1
        + IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).endsWith("// " + lint))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void aTaskThatHoldsTheLoop() throws Exception {
    check(Lint.HELD_LOOP, "'THREE'", Traps::heldLoop);
  }

  @Test
  void aTaskThatHoldsTheLoopIsKnownByWhatItSaid() {
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> {
        recorder.mark("THREE received");
        long end = System.nanoTime() + 120_000_000;
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        recorder.mark("Printing THREE");
      });
    }
    assertThat(recorder.recording().findings().getFirst().title())
        .startsWith("Task 'main' (“THREE received”) held loop ");
  }

  @Test
  void tasksThatWaitForTheirTurn() throws Exception {
    check(Lint.LONG_READY, "'worker-", Traps::longReady);
  }

  @Test
  void aTaskThatSpins() throws Exception {
    check(Lint.SPINNING, "'poller'", Traps::spinning);
  }

  @Test
  void aFailureThatNothingSaw() throws Exception {
    check(Lint.UNSEEN_FAILURE, "'bad'", Traps::unseenFailure);
  }

  @Test
  void aWaitOfTheJdksOnThePortableEngine() throws Exception {
    check(Lint.JDK_WAIT, "'sleeper'", Traps::jdkWait);
  }

  @Test
  void aSystemCallOnTheLoop() throws Exception {
    check(Lint.SYSTEM_CALL, "'reader'", Traps::systemCall);
  }

  @Test
  void aLockThatIsHeldDuringAWait() throws Exception {
    check(Lint.HELD_LOCK, "'slow'", Traps::heldLock);
  }

  @Test
  void aQueueThatIsAlwaysFull() throws Exception {
    check(Lint.FULL_QUEUE, "'putter'", Traps::fullQueue);
  }

  @Test
  void aQueueThatIsAlwaysEmpty() throws Exception {
    check(Lint.EMPTY_QUEUE, "'taker-", Traps::emptyQueue);
  }

  @Test
  void tasksThatBecomeEverMore() throws Exception {
    check(Lint.GROWTH, "'main'", Traps::growth);
  }

  @Test
  void aTimerThatIsLate() throws Exception {
    check(Lint.LATE_TIMER, "'ticker'", Traps::lateTimer);
  }

  @Test
  void tasksThatWaitForEachOther() throws Exception {
    check(Lint.DEADLOCK, "'foo' waits for lock", Traps::deadlock);
  }

  @Test
  void tasksOfWhichNoneCanGoOn() throws Exception {
    check(Lint.NOTHING_LEFT_TO_RUN, "'task-2' waits for event", Traps::nothingLeft);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void butNotOfAServerThatIsIdle(boolean started) throws Exception {
    assertThat(Traps.idleServer(started).findings())
        .extracting(Finding::lint)
        .doesNotContain(Lint.NOTHING_LEFT_TO_RUN);
  }

  @Test
  void aLockOfATaskThatEnded() throws Exception {
    check(Lint.ABANDONED_LOCK, "'holder'", Traps::abandonedLock);
    assertThat(Traps.abandonedLock(false).findings())
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.title())
                .startsWith("Lock 1 is held by task 'holder', which ended at ")
                .contains(", while another task waited for it ("));
  }
}

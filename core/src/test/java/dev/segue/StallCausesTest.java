package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.StallCauses.Computing;
import dev.segue.StallCauses.Look;
import dev.segue.StallCauses.Since;
import java.lang.Thread.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of two looks at a task that holds its loop. */
class StallCausesTest {
  private static final Object TASK = new Object();
  private static final int NATIVE = -2;

  private static final StackTraceElement[] BODY = {
    frame("com.acme.Shop", "order", 12), frame("dev.segue.Coroutine", "runBody", 3)
  };

  private static final StackTraceElement[] PARKED = {
    frame("jdk.internal.misc.Unsafe", "park", NATIVE),
    frame("java.lang.VirtualThread", "parkOnCarrierThread", 1),
    frame("java.util.concurrent.locks.LockSupport", "park", 1)
  };

  private static StackTraceElement frame(String type, String method, int line) {
    return new StackTraceElement(type, method, "Source.java", line);
  }

  /** A stack with some frames above the body's. */
  private static List<StackTraceElement> stack(StackTraceElement... top) {
    var frames = Arrays.copyOf(top, top.length + BODY.length);
    System.arraycopy(BODY, 0, frames, top.length, BODY.length);
    return List.of(frames);
  }

  private static Look look(State state, StackTraceElement... top) {
    return new Look(7, false, TASK, state, stack(top), state);
  }

  /** What was counted in half a second, and what it is changed to. */
  private static final class Counted {
    private long nanos = Duration.ofMillis(500).toNanos();
    private Computing computing = Computing.YES;
    private long collecting;
    private long classes;
    private List<String> initializing = List.of();

    Counted computing(Computing value) {
      computing = value;
      return this;
    }

    Counted collecting(Duration value) {
      collecting = value.toNanos();
      return this;
    }

    Counted classes(long value) {
      classes = value;
      return this;
    }

    Counted initializing(String name) {
      initializing = List.of(name);
      return this;
    }

    Counted lasted(Duration value) {
      nanos = value.toNanos();
      return this;
    }

    Stall.@Nullable Cause of(Look first, Look second) {
      var common = StallCauses.common(first.stack().reversed(), second.stack().reversed());
      return StallCauses.of(
          Stall.Cause.PINNED_WAIT,
          first,
          second,
          new Since(nanos, computing, collecting, classes, initializing, common));
    }

    Stall.@Nullable Cause ofTwice(Look look) {
      return of(look, look);
    }
  }

  // --- what is believed

  @Test
  void aTaskThatHasAProcessorComputes() {
    assertThat(new Counted().ofTwice(look(State.RUNNABLE))).isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatIsParkedWaits() {
    assertThat(new Counted().computing(Computing.NO).ofTwice(look(State.WAITING, PARKED)))
        .isEqualTo(Stall.Cause.PINNED_WAIT);
  }

  @Test
  void aTaskThatWaitsForAMonitorNeedNotHaveAMethodForThat() {
    assertThat(new Counted().ofTwice(look(State.BLOCKED))).isEqualTo(Stall.Cause.PINNED_WAIT);
  }

  @Test
  void anotherStepIsAnotherMatter() {
    var first = look(State.RUNNABLE);
    var second = new Look(8, false, TASK, State.RUNNABLE, first.stack(), State.RUNNABLE);
    assertThat(new Counted().of(first, second)).isNull();
  }

  @Test
  void anotherTaskIsAnotherMatter() {
    var first = look(State.RUNNABLE);
    var second = new Look(7, false, new Object(), State.RUNNABLE, first.stack(), State.RUNNABLE);
    assertThat(new Counted().of(first, second)).isNull();
  }

  @Test
  void anIdleLoopIsHeldByNobody() {
    var idle = new Look(7, true, TASK, State.WAITING, stack(PARKED), State.WAITING);
    assertThat(new Counted().ofTwice(idle)).isNull();
  }

  @Test
  void aTaskThatWaitsOnlyInOneLookIsNotClear() {
    assertThat(new Counted().of(look(State.RUNNABLE), look(State.WAITING, PARKED))).isNull();
  }

  /** As where the thread has gone on between the two questions. */
  @Test
  void aWaitThatTheStackDoesNotShowIsNotClear() {
    assertThat(new Counted().ofTwice(look(State.WAITING))).isNull();
    assertThat(new Counted().ofTwice(look(State.RUNNABLE, PARKED))).isNull();
  }

  @Test
  void aStateThatChangedMeanwhileIsNotClear() {
    var look = new Look(7, false, TASK, State.WAITING, stack(PARKED), State.RUNNABLE);
    assertThat(new Counted().ofTwice(look)).isNull();
  }

  // --- native code

  private static final StackTraceElement READ =
      frame("java.io.FileInputStream", "readBytes", NATIVE);
  private static final StackTraceElement INFLATE =
      frame("java.util.zip.Inflater", "inflateBytesBytes", NATIVE);

  @Test
  void nativeCodeWithoutAProcessorIsASystemCall() {
    for (var computing : List.of(Computing.NO, Computing.UNKNOWN)) {
      assertThat(new Counted().computing(computing).ofTwice(look(State.RUNNABLE, READ)))
          .isEqualTo(Stall.Cause.NATIVE_CALL);
    }
  }

  @Test
  void nativeCodeWithAProcessorComputes() {
    assertThat(new Counted().ofTwice(look(State.RUNNABLE, READ))).isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void anInflaterWithoutAProcessorIsNoSystemCall() {
    assertThat(new Counted().computing(Computing.NO).ofTwice(look(State.RUNNABLE, INFLATE)))
        .isEqualTo(Stall.Cause.NO_PROCESSOR);
    assertThat(new Counted().computing(Computing.UNKNOWN).ofTwice(look(State.RUNNABLE, INFLATE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aSystemCallWhileMemoryIsCollectedIsASystemCall() {
    assertThat(
            new Counted()
                .computing(Computing.NO)
                .collecting(Duration.ofMillis(400))
                .ofTwice(look(State.RUNNABLE, READ)))
        .isEqualTo(Stall.Cause.NATIVE_CALL);
  }

  // --- no processor

  @Test
  void aTaskThatCouldRunAndDoesNotHasNoProcessor() {
    assertThat(new Counted().computing(Computing.NO).ofTwice(look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.NO_PROCESSOR);
  }

  @Test
  void aTaskThatTheCollectorStopsMostOfTheTimeHasNoProcessor() {
    for (var computing : Computing.values()) {
      assertThat(
              new Counted()
                  .computing(computing)
                  .collecting(Duration.ofMillis(300))
                  .ofTwice(look(State.RUNNABLE)))
          .isEqualTo(Stall.Cause.NO_PROCESSOR);
    }
  }

  @Test
  void someCollectingIsNoReason() {
    assertThat(new Counted().collecting(Duration.ofMillis(100)).ofTwice(look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  // --- classes

  @Test
  void aTaskThatStandsWhileAThreadInitializesAClassWaitsForIt() {
    for (var computing : List.of(Computing.NO, Computing.UNKNOWN)) {
      assertThat(
              new Counted()
                  .computing(computing)
                  .initializing("com.acme.Config")
                  .ofTwice(look(State.RUNNABLE)))
          .isEqualTo(Stall.Cause.CLASS_INITIALIZATION);
    }
  }

  @Test
  void aTaskThatRunsCodeOfAClassDoesNotWaitForIt() {
    assertThat(
            new Counted()
                .computing(Computing.NO)
                .initializing("com.acme.Shop")
                .ofTwice(look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.NO_PROCESSOR);
  }

  @Test
  void aTaskThatMovesDoesNotWaitForAClass() {
    assertThat(
            new Counted()
                .computing(Computing.UNKNOWN)
                .initializing("com.acme.Config")
                .of(
                    look(State.RUNNABLE, frame("com.acme.Price", "of", 1)),
                    look(State.RUNNABLE, frame("com.acme.Price", "of", 2))))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatComputesDoesNotWaitForAClass() {
    assertThat(new Counted().initializing("com.acme.Config").ofTwice(look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatLoadsClassesInBothLooksUsesSomethingFirst() {
    assertThat(
            new Counted()
                .of(
                    look(State.RUNNABLE, frame("java.lang.ClassLoader", "defineClass1", NATIVE)),
                    look(State.RUNNABLE, frame("org.hibernate.Version", "<clinit>", 4))))
        .isEqualTo(Stall.Cause.CLASS_LOADING);
  }

  @Test
  void aTaskThatWasSeenLoadingOnceDoesIfManyClassesWereLoaded() {
    var loading = look(State.RUNNABLE, frame("java.lang.ClassLoader", "loadClass", 9));
    assertThat(new Counted().classes(300).of(loading, look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CLASS_LOADING);
    assertThat(new Counted().classes(3).of(loading, look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void classesThatOthersLoadAreNoReason() {
    assertThat(new Counted().classes(3_000).ofTwice(look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  // --- spinning

  private static final StackTraceElement CREATE =
      frame("org.apache.commons.pool2.impl.GenericObjectPool", "create", 524);

  @Test
  void aTaskThatStaysInALibrarysMethodForSecondsMaySpin() {
    var first = look(State.RUNNABLE, CREATE);
    var second =
        look(
            State.RUNNABLE,
            frame("java.util.concurrent.atomic.AtomicLong", "incrementAndGet", 1),
            frame("org.apache.commons.pool2.impl.GenericObjectPool", "create", 519));
    var seconds = Duration.ofSeconds(2);
    assertThat(new Counted().lasted(seconds).of(first, second)).isEqualTo(Stall.Cause.SPIN_WAIT);
    assertThat(new Counted().of(first, second)).isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatCallsALibraryAgainAndAgainComputes() {
    assertThat(
            new Counted()
                .lasted(Duration.ofSeconds(2))
                .of(look(State.RUNNABLE, CREATE), look(State.RUNNABLE)))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatStaysInItsOwnCodeComputes() {
    assertThat(
            new Counted()
                .lasted(Duration.ofSeconds(2))
                .ofTwice(look(State.RUNNABLE, frame("com.acme.price.Prices", "sum", 3))))
        .isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aTaskThatStaysInTheJdkComputes() {
    assertThat(
            new Counted()
                .lasted(Duration.ofSeconds(2))
                .ofTwice(look(State.RUNNABLE, frame("java.math.BigInteger", "pow", 3))))
        .isEqualTo(Stall.Cause.CPU);
  }
}

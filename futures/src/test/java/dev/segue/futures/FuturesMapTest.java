package dev.segue.futures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.fixtures.HandDrivenExecutor;
import dev.segue.fixtures.SerializedCopy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code Executor.map} as a stream. */
@Timeout(60)
class FuturesMapTest {
  private static final Function<Integer, Integer> TEN_TIMES = i -> 10 * i;

  private static final Function<Integer, Integer> TWO_FAILS =
      i -> {
        if (i == 2) {
          throw new IllegalStateException("two");
        }
        return 10 * i;
      };

  private final HandDrivenExecutor direct = HandDrivenExecutor.direct();
  private final HandDrivenExecutor hand = new HandDrivenExecutor();

  /** Has the first task run once there are {@code count}, so that the others are under way. */
  private void runTheFirstOf(int count) {
    hand.onTask =
        () -> {
          if (hand.tasks.size() == count) {
            hand.tasks.getFirst().run();
          }
        };
  }

  private void assertThatAllButTheFirstWereCancelled() {
    assertThat(hand.tasks.getFirst().isCancelled()).isFalse();
    assertThat(hand.tasks.stream().skip(1)).isNotEmpty().allMatch(FutureTask::isCancelled);
  }

  /** 1, 2, 3, … without end, counting what is pulled. */
  private static final class Numbers implements Iterable<Integer> {
    private int pulled;

    @Override
    public Iterator<Integer> iterator() {
      return Stream.generate(() -> ++pulled).iterator();
    }
  }

  private static Futures.MapOptions buffer(int size) {
    return new Futures.MapOptions(1, size, null);
  }

  private static Futures.MapOptions chunks(int size) {
    return new Futures.MapOptions(size, 0, null);
  }

  private static Futures.MapOptions within(Duration timeout) {
    return new Futures.MapOptions(1, 0, timeout);
  }

  // --- what comes, and in which order

  @Test
  void aPoolsResultsComeInTheOrderOfTheItems() {
    var items = IntStream.range(0, 200).boxed().toList();
    try (var pool = Executors.newFixedThreadPool(3)) {
      assertThat(Futures.map(pool, i -> i + 1, items))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
    }
  }

  @Test
  void resultsThatAreThereEarlierWaitForTheirTurn() {
    hand.onTask =
        () -> {
          if (hand.tasks.size() == 3) {
            hand.tasks.reversed().forEach(FutureTask::run);
          }
        };
    assertThat(Futures.map(hand, TEN_TIMES, List.of(1, 2, 3))).containsExactly(10, 20, 30);
  }

  @Test
  void noItemsAreNoResults() {
    assertThat(Futures.map(direct, TEN_TIMES, List.of())).isEmpty();
    assertThat(direct.tasks).isEmpty();
  }

  @Test
  void nullsAreItemsAndResultsToo() {
    Function<Integer, Integer> same = i -> i;
    assertThat(Futures.map(direct, same, Arrays.asList(1, null, 3))).containsExactly(1, null, 3);
  }

  @Test
  void countingRunsTheFunctionToo() {
    assertThat(Futures.map(direct, TEN_TIMES, List.of(1, 2, 3)).count()).isEqualTo(3);
    assertThat(direct.tasks).hasSize(3);
  }

  @Test
  void aParallelStreamIsConsumedInOrderAsWell() {
    var results = new ArrayList<Integer>();
    Futures.map(direct, TEN_TIMES, List.of(1, 2, 3)).parallel().forEach(results::add);
    assertThat(results).containsExactly(10, 20, 30);
  }

  // --- what is pulled, and when

  @Test
  void nothingIsPulledBeforeTheStreamIsConsumed() {
    var numbers = new Numbers();
    var iterator = Futures.map(hand, TEN_TIMES, numbers).map(i -> i + 1).iterator();
    assertThat(iterator).isNotNull();
    assertThat(numbers.pulled).isZero();
    assertThat(hand.tasks).isEmpty();
  }

  @Test
  void theBufferBoundsWhatIsPulledAndNotHandedOver() {
    var numbers = new Numbers();
    try (var stream = Futures.map(direct, TEN_TIMES, numbers, buffer(3))) {
      var results = stream.iterator();
      for (int handedOver = 0; handedOver < 10; handedOver++) {
        assertThat(results.next()).isEqualTo(10 * (handedOver + 1));
        assertThat(numbers.pulled).isEqualTo(handedOver + 3);
      }
    }
  }

  @Test
  void aLimitEndsTheWorkOnAnEndlessSource() {
    var numbers = new Numbers();
    try (var stream = Futures.map(direct, TEN_TIMES, numbers, buffer(2))) {
      assertThat(stream.limit(5)).containsExactly(10, 20, 30, 40, 50);
    }
    assertThat(numbers.pulled).isEqualTo(4 + 2);
  }

  @Test
  void theDefaultBufferIs32ChunksOrFourAProcessor() {
    int chunks = Math.max(32, 4 * Runtime.getRuntime().availableProcessors());
    for (int size : List.of(1, 3)) {
      var numbers = new Numbers();
      try (var stream = Futures.map(direct, TEN_TIMES, numbers, chunks(size))) {
        assertThat(stream.findFirst()).contains(10);
      }
      assertThat(numbers.pulled).isEqualTo(size * chunks);
    }
  }

  // --- chunks

  @Test
  void aChunkIsOneTask() {
    var items = List.of(1, 2, 3, 4, 5, 6, 7);
    assertThat(Futures.map(direct, TEN_TIMES, items, chunks(3)))
        .containsExactly(10, 20, 30, 40, 50, 60, 70);
    assertThat(direct.tasks).hasSize(3);
  }

  @Test
  void onlyWholeChunksArePulledAsLongAsThereAreItems() {
    var numbers = new Numbers();
    var options = new Futures.MapOptions(2, 5, null);
    try (var stream = Futures.map(direct, TEN_TIMES, numbers, options)) {
      var results = stream.iterator();
      for (int pulled : List.of(4, 6, 6, 8)) {
        results.next();
        assertThat(numbers.pulled).isEqualTo(pulled);
      }
    }
  }

  @Test
  void aChunkIsNoLargerThanTheBuffer() {
    var items = List.of(1, 2, 3, 4, 5);
    var options = new Futures.MapOptions(10, 2, null);
    assertThat(Futures.map(direct, TEN_TIMES, items, options)).containsExactly(10, 20, 30, 40, 50);
    assertThat(direct.tasks).hasSize(3);
  }

  @Test
  void oneChunkOfEverythingIsAllowed() {
    var options = chunks(Integer.MAX_VALUE);
    assertThat(Futures.map(direct, TEN_TIMES, List.of(1, 2), options)).containsExactly(10, 20);
    assertThat(direct.tasks).hasSize(1);
  }

  @Test
  void aCancelledChunkStopsBetweenTwoItems() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new Semaphore(0);
    var applied = new AtomicInteger();
    Function<Integer, Integer> stubborn =
        i -> {
          applied.incrementAndGet();
          begun.countDown();
          release.acquireUninterruptibly();
          return i;
        };
    try (var pool = Executors.newFixedThreadPool(2)) {
      var stream = Futures.map(pool, stubborn, List.of(1, 2), chunks(2));
      var consumer = pool.submit(() -> stream.toList());
      begun.await();
      stream.close();
      // The consumer may just be noting the chunk, and cancels it then itself, before it ends.
      assertThatThrownBy(consumer::get).hasCauseInstanceOf(IllegalStateException.class);
      release.release(2);
    }
    assertThat(applied).hasValue(1);
  }

  // --- failures

  @Test
  void aFailureIsThrownWhereItsItemIsReached() {
    var results = Futures.map(direct, TWO_FAILS, List.of(1, 2, 3)).iterator();
    assertThat(results.next()).isEqualTo(10);
    assertThatThrownBy(results::next)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("two");
  }

  @Test
  void aFailureWithinAChunkIsThrownWhereItsItemIsReached() {
    var results = Futures.map(direct, TWO_FAILS, List.of(1, 2, 3), chunks(3)).iterator();
    assertThat(results.next()).isEqualTo(10);
    assertThatThrownBy(results::next)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("two");
  }

  @Test
  void aFailureWithinAChunkTravels() throws Exception {
    var chunk = new Chunk<>(TWO_FAILS, new ArrayList<>(List.of(1, 2)));
    var thrown = catchThrowableOfType(Chunk.PartialFailure.class, chunk::call);
    var copy = SerializedCopy.of(thrown);
    assertThat(copy.<Integer>results()).containsExactly(10);
    assertThat(copy.getCause()).isInstanceOf(IllegalStateException.class).hasMessage("two");
  }

  @Test
  void aFailureThatWrapsItsCauseIsUnwrapped() {
    var cause = new IOException("disk");
    Function<Integer, Integer> wraps =
        _ -> {
          throw new CompletionException(cause);
        };
    assertThatThrownBy(Futures.map(direct, wraps, List.of(1))::toList)
        .isInstanceOf(CompletionException.class)
        .hasCause(cause);
  }

  @Test
  void aFailureCancelsWhatIsUnderWay() {
    runTheFirstOf(3);
    assertThatThrownBy(Futures.map(hand, TWO_FAILS, List.of(2, 3, 4))::toList)
        .isInstanceOf(CompletionException.class);
    assertThatAllButTheFirstWereCancelled();
  }

  @Test
  void aFailureOfTheConsumerCancelsWhatIsUnderWay() {
    runTheFirstOf(3);
    var failure = new IllegalStateException("consumer");
    assertThatThrownBy(() ->
            Futures.map(hand, TEN_TIMES, List.of(1, 2, 3))
                .forEach(_ -> {
                  throw failure;
                }))
        .isSameAs(failure);
    assertThatAllButTheFirstWereCancelled();
  }

  @Test
  void aSourceThatThrowsIsHeardAndCancelsWhatIsUnderWay() {
    var failure = new IllegalStateException("source");
    Iterable<Integer> source =
        () ->
            Stream.of(1, 2, 3)
                .peek(i -> {
                  if (i == 3) {
                    throw failure;
                  }
                })
                .iterator();
    runTheFirstOf(2);
    assertThatThrownBy(Futures.map(hand, TEN_TIMES, source)::toList).isSameAs(failure);
    assertThatAllButTheFirstWereCancelled();
  }

  @Test
  void anExecutorThatRefusesIsHeardAndWhatIsUnderWayCancelled() {
    var refusal = new RejectedExecutionException("full");
    hand.onTask =
        () -> {
          switch (hand.tasks.size()) {
            case 2 -> hand.tasks.getFirst().run();
            case 3 -> {
              hand.tasks.removeLast();
              throw refusal;
            }
            default -> {}
          }
        };
    assertThatThrownBy(Futures.map(hand, TEN_TIMES, List.of(1, 2, 3))::toList).isSameAs(refusal);
    assertThatAllButTheFirstWereCancelled();
  }

  @Test
  void anExecutorThatCancelsIsHeard() {
    hand.onTask = () -> hand.tasks.getLast().cancel(false);
    assertThatThrownBy(Futures.map(hand, TEN_TIMES, List.of(1))::toList)
        .isExactlyInstanceOf(CancellationException.class);
  }

  @Test
  void aStreamThatHasFailedIsOver() {
    var results = Futures.map(direct, TWO_FAILS, List.of(2, 3)).iterator();
    assertThatThrownBy(results::next).isInstanceOf(CompletionException.class);
    assertThatThrownBy(results::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("failed");
  }

  // --- closing

  @Test
  void closingCancelsWhatIsUnderWay() {
    runTheFirstOf(3);
    var stream = Futures.map(hand, TEN_TIMES, List.of(1, 2, 3));
    var results = stream.iterator();
    assertThat(results.next()).isEqualTo(10);
    assertThat(hand.tasks.getLast().isCancelled()).isFalse();
    stream.close();
    assertThatAllButTheFirstWereCancelled();
    assertThatThrownBy(results::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingInterruptsWhatRuns() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    Function<Integer, Integer> waits =
        i -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.set(true);
          }
          return i;
        };
    try (var pool = Executors.newFixedThreadPool(2)) {
      var stream = Futures.map(pool, waits, List.of(1));
      pool.submit(() -> stream.toList());
      begun.await();
      stream.close();
    }
    assertThat(interrupted).isTrue();
  }

  @Test
  void closingFromAnotherThreadEndsTheConsumersWait() throws Exception {
    var submitted = new CountDownLatch(1);
    hand.onTask = submitted::countDown;
    try (var pool = Executors.newFixedThreadPool(1)) {
      var stream = Futures.map(hand, TEN_TIMES, List.of(1));
      var consumer = pool.submit(() -> stream.toList());
      submitted.await();
      stream.close();
      assertThatThrownBy(consumer::get).hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(hand.tasks.getFirst().isCancelled()).isTrue();
  }

  @Test
  void closingWhileTheExecutorTakesATaskCancelsThatToo() {
    var stream = Futures.map(hand, TEN_TIMES, List.of(1, 2));
    hand.onTask = stream::close;
    assertThatThrownBy(stream::toList).isInstanceOf(IllegalStateException.class);
    assertThat(hand.tasks).hasSize(1).allMatch(FutureTask::isCancelled);
  }

  // --- time-outs and interrupts

  @Test
  void aResultThatIsNotThereInTimeIsATimeOutAndCancelsWhatIsUnderWay() {
    runTheFirstOf(3);
    var results =
        Futures.map(hand, TEN_TIMES, List.of(1, 2, 3), within(Duration.ofMillis(20))).iterator();
    assertThat(results.next()).isEqualTo(10);
    assertThatThrownBy(results::next)
        .isInstanceOf(CompletionException.class)
        .hasMessage("result 2 of Futures.map was not there within PT0.02S of the call")
        .hasCauseInstanceOf(TimeoutException.class);
    assertThatAllButTheFirstWereCancelled();
  }

  @Test
  void theTimeIsCountedFromTheCall() throws Exception {
    var limits = new ArrayList<Duration>();
    var recording =
        new HandDrivenExecutor() {
          @Override
          protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
            return new FutureTask<>(callable) {
              @Override
              public T get(long limit, TimeUnit unit) throws ExecutionException {
                limits.add(Duration.of(limit, unit.toChronoUnit()));
                run();
                return resultNow();
              }
            };
          }
        };
    var timeout = Duration.ofMinutes(1);
    var stream = Futures.map(recording, TEN_TIMES, List.of(1), within(timeout));
    var before = Duration.ofMillis(5);
    Thread.sleep(before);
    assertThat(stream).containsExactly(10);
    assertThat(limits)
        .singleElement()
        .satisfies(limit -> {
          assertThat(limit).isLessThanOrEqualTo(timeout.minus(before)).isPositive();
        });
  }

  @Test
  void whatIsThereIsHandedOverAlsoWhenTheTimeIsUp() {
    for (var none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThat(Futures.map(direct, TEN_TIMES, List.of(1, 2), within(none)))
          .containsExactly(10, 20);
    }
  }

  @Test
  void aTimeOutOfForEverIsNone() {
    var forEver = within(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(Futures.map(direct, TEN_TIMES, List.of(1), forEver)).containsExactly(10);
  }

  @Test
  void anInterruptEndsAStepIsKeptAndCancelsWhatIsUnderWay() {
    var results = Futures.map(hand, TEN_TIMES, List.of(1, 2)).iterator();
    Thread.currentThread().interrupt();
    assertThatThrownBy(results::next)
        .isInstanceOf(CompletionException.class)
        .hasMessage("interrupted while waiting for result 1 of Futures.map")
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(hand.tasks).hasSize(2).allMatch(FutureTask::isCancelled);
  }

  // --- bad input

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> chunks(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkSize must be at least 1, and is 0");
    assertThatThrownBy(() -> buffer(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bufferSize must be positive, or 0 for the default, and is -1");
  }
}

package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Async#forEach}, and {@link Async#gatherOutcomes} of arguments. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForEachTest extends OnManualClock {
  @Test
  void eachItemIsPassedALimitedNumberAtATime() {
    run(() -> {
      var done = new ArrayList<Integer>();
      var atOnce = new int[2];
      Async.forEach(
          List.of(3, 1, 2, 1),
          2,
          seconds -> {
            atOnce[1] = Math.max(atOnce[1], ++atOnce[0]);
            Async.sleep(Duration.ofSeconds(seconds));
            atOnce[0]--;
            done.add(seconds);
          });
      assertThat(done).containsExactly(1, 3, 2, 1);
      assertThat(atOnce[1]).isEqualTo(2);
    });
  }

  @Test
  void theFirstFailureEndsIt() {
    run(() -> {
      var begun = new ArrayList<Integer>();
      assertThatThrownBy(() ->
              Async.forEach(
                  List.of(1, 2, 3),
                  1,
                  item -> {
                    begun.add(item);
                    if (item == 2) {
                      throw new IOException("item 2");
                    }
                  }))
          .hasRootCauseInstanceOf(IOException.class);
      assertThat(begun).containsExactly(1, 2);
    });
  }

  @Test
  void nullIsRefusedByName() {
    run(() ->
        assertThatThrownBy(() -> Async.forEach(List.of(1), 1, null))
            .isInstanceOf(NullPointerException.class)
            .hasMessage("function must not be null"));
  }

  @Test
  void outcomesOfArgumentsComeInTheirOrder() {
    run(() -> {
      var failure = new IOException("no answer");
      List<Outcome<String>> outcomes =
          Async.gatherOutcomes(
              () -> "one",
              () -> {
                throw failure;
              });
      assertThat(outcomes)
          .containsExactly(new Outcome.Success<>("one"), new Outcome.Failure<>(failure));
    });
  }

  @Test
  void outcomesOfBodiesWithoutAResult() {
    run(() -> {
      var failure = new IOException("no answer");
      List<Outcome<Void>> outcomes =
          Async.gatherOutcomes(() -> Async.checkpoint(), () -> fail(failure));
      assertThat(outcomes)
          .containsExactly(new Outcome.Success<>(null), new Outcome.Failure<>(failure));
    });
  }

  private static void fail(IOException failure) throws IOException {
    throw failure;
  }

  @Test
  void outcomesOfNullAreRefusedByName() {
    run(() -> {
      assertThatThrownBy(() -> Async.gatherOutcomes((Callable<String>[]) null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("bodies must not be null");
      assertThatThrownBy(() -> Async.gatherOutcomes((Action<Exception>[]) null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("bodies must not be null");
    });
  }

  @Test
  void aRunnableThatThereIsAlreadyIsABodyAsAMethodReference() {
    run(() -> {
      var ran = new boolean[1];
      Runnable runnable = () -> ran[0] = true;
      Callable<String> callable = () -> "value";
      Async.createTask(runnable::run).await();
      assertThat(ran).containsExactly(true);
      assertThat(Async.createTask(callable).await()).isEqualTo("value");
    });
  }
}

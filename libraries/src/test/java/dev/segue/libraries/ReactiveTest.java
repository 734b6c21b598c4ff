package dev.segue.libraries;

import static dev.segue.Async.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reactor and RxJava, in tasks that wait for a value. */
class ReactiveTest extends Contract {
  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "Reactor, Mono.block",
            Waits.IN_THE_JDK,
            () -> Mono.never().block(),
            () -> Mono.just(42).block()),
        new Trial(
            "Reactor, Flux.toIterable",
            Waits.IN_THE_JDK,
            () -> Flux.never().toIterable().iterator().next(),
            () -> Flux.just(42).toIterable().iterator().next()),
        new Trial(
            "Reactor, Mono.toFuture and await",
            Waits.IN_SEGUE,
            () -> Async.await(Mono.never().toFuture()),
            () -> Async.await(Mono.just(42).toFuture())),
        new Trial(
            "RxJava, Single.blockingGet",
            Waits.IN_THE_JDK,
            () -> assertThat(Single.never().blockingGet()).isNull(),
            () -> assertThat(Single.just(42).blockingGet()).isEqualTo(42)),
        new Trial(
            "RxJava, Flowable.blockingFirst",
            Waits.IN_THE_JDK,
            () -> assertThat(Flowable.never().blockingFirst()).isNull(),
            () -> assertThat(Flowable.just(42).blockingFirst()).isEqualTo(42)),
        new Trial(
            "RxJava, Completable.blockingAwait",
            Waits.IN_THE_JDK,
            () -> Completable.never().blockingAwait(),
            () -> Completable.complete().blockingAwait()),
        new Trial(
            "RxJava, Single.toCompletionStage and await",
            Waits.IN_SEGUE,
            () -> Async.await(Single.never().toCompletionStage()),
            () -> Async.await(Single.just(42).toCompletionStage())));
  }

  @Test
  void theLoopIsASchedulerOfReactors() {
    var threads =
        run(() -> {
          var onLoop = Schedulers.fromExecutor(Async.currentLoop());
          return Async.await(
              Mono.fromCallable(() -> Async.currentTask().loop())
                  .subscribeOn(onLoop)
                  .toFuture()
                  .thenApply(loop -> loop.name()));
        });
    assertThat(threads).startsWith("loop");
  }

  @Test
  void theLoopIsASchedulerOfRxJavas() {
    var name =
        run(() -> {
          var onLoop = io.reactivex.rxjava3.schedulers.Schedulers.from(Async.currentLoop());
          return Async.await(
              Single.fromCallable(() -> Async.currentTask().loop().name())
                  .subscribeOn(onLoop)
                  .toCompletionStage());
        });
    assertThat(name).startsWith("loop");
  }
}

package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import dev.segue.Async;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches: a task that loads a value, and one that waits for a value that somebody else loads. */
class CachesTest extends Contract {
  private final com.google.common.cache.Cache<String, String> guava =
      CacheBuilder.newBuilder().build();
  private final com.google.common.cache.LoadingCache<String, String> guavaLoading =
      CacheBuilder.newBuilder().build(CacheLoader.from(CachesTest::load));
  private final com.github.benmanes.caffeine.cache.Cache<String, String> caffeine =
      Caffeine.newBuilder().build();
  private final AsyncCache<String, String> asynchronous = Caffeine.newBuilder().buildAsync();

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        trial("Guava, get with a loader", Waits.IN_THE_JDK, key -> guava.get(key, () -> load(key))),
        trial("Guava, a LoadingCache", Waits.IN_THE_JDK, guavaLoading::get),
        trial(
            "Guava, a loader in a Segue wait",
            Waits.IN_SEGUE,
            key -> guava.get(key, () -> loadInSegue(key))),
        trial(
            "Caffeine, get with a loader",
            Waits.IN_THE_JDK,
            key -> caffeine.get(key, CachesTest::load)),
        trial(
            "Caffeine, a loader in a Segue wait",
            Waits.IN_SEGUE,
            key -> caffeine.get(key, CachesTest::loadInSegue)),
        trial(
            "Caffeine, an AsyncCache and await",
            Waits.IN_SEGUE,
            key ->
                Async.await(
                    asynchronous.get(
                        key,
                        (it, _) ->
                            it.equals("slow")
                                ? new CompletableFuture<>()
                                : CompletableFuture.completedFuture(it)))));
  }

  private interface Lookup {
    Object of(String key) throws Exception;
  }

  private static Trial trial(String name, Waits waits, Lookup lookup) {
    return new Trial(name, waits, () -> lookup.of("slow"), () -> lookup.of("fast"));
  }

  private static String load(String key) {
    if (key.equals("slow")) {
      try {
        Thread.sleep(Duration.ofSeconds(Trial.SECONDS));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return key;
  }

  private static String loadInSegue(String key) {
    if (key.equals("slow")) {
      Async.sleep(Duration.ofSeconds(Trial.SECONDS));
    }
    return key;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Guava", "Caffeine"})
  @DisabledIfSystemProperty(
      named = "segue.engine",
      matches = "portable",
      disabledReason = "the wait holds the loop there")
  void aCancelDoesNotEndTheWaitForAValueThatAnotherThreadLoads(String cache) throws Exception {
    var loading = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    Callable<String> loader =
        () -> {
          loading.countDown();
          mayEnd.await();
          return "loaded";
        };
    Callable<String> get =
        cache.equals("Guava")
            ? () -> guava.get("shared", loader)
            : () -> caffeine.get("shared", _ -> uncheckedCall(loader));
    try (var outside = Executors.newSingleThreadExecutor()) {
      var first = outside.submit(get);
      loading.await();
      run(() -> {
        var second = createTask(get);
        Async.sleep(Duration.ofMillis(50));
        second.cancel();
        Async.sleep(Duration.ofMillis(50));
        assertThat(second.isDone()).isFalse();
        mayEnd.countDown();
        assertThat(second.await()).isEqualTo("loaded");
      });
      assertThat(first.get()).isEqualTo("loaded");
    }
  }

  private static String uncheckedCall(Callable<String> body) {
    try {
      return body.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

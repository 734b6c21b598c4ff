package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task gets from the thread that creates it. */
@Timeout(60)
class ContextTest {
  private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
  private static final ThreadLocal<String> PLAIN = new ThreadLocal<>();
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  @Test
  void aTaskInheritsInheritableThreadLocalsOfItsCreator() {
    INHERITED.set("caller");
    try {
      Async.run(() -> {
        assertThat(INHERITED.get()).isEqualTo("caller");
        INHERITED.set("main");
        assertThat(Async.createTask(INHERITED::get).await()).isEqualTo("main");
      });
      try (var loop = EventLoop.builder().start()) {
        assertThat(loop.submit(INHERITED::get))
            .succeedsWithin(java.time.Duration.ofSeconds(10))
            .isEqualTo("caller");
      }
    } finally {
      INHERITED.remove();
    }
  }

  @Test
  void aTaskHasThreadLocalsOfItsOwn() {
    PLAIN.set("caller");
    try {
      Async.run(() -> {
        assertThat(PLAIN.get()).isNull();
        PLAIN.set("main");
        Async.gather(() -> PLAIN.set("child"), () -> PLAIN.set("other"));
        assertThat(PLAIN.get()).isEqualTo("main");
      });
    } finally {
      PLAIN.remove();
    }
  }

  @Test
  void aTaskInheritsTheContextClassLoader() {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    var loader = new ClassLoader(before) {};
    thread.setContextClassLoader(loader);
    try {
      var seen =
          Async.run(
              () -> Async.createTask(() -> Thread.currentThread().getContextClassLoader()).await());
      assertThat(seen).isSameAs(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static <T> Callable<T> withScoped(Callable<T> body) {
    var value = SCOPED.orElse("none");
    return () -> ScopedValue.where(SCOPED, value).call(body::call);
  }

  @Test
  void aTaskDecoratorCarriesAScopedValue() {
    var loop = EventLoop.builder().taskDecorator(ContextTest::withScoped).build();
    var seen =
        ScopedValue.where(SCOPED, "bound")
            .call(() ->
                loop.run(() ->
                    List.of(
                        SCOPED.get(),
                        Async.createTask(SCOPED::get).await(),
                        Async.toThread(SCOPED::get))));
    assertThat(seen).containsExactly("bound", "bound", "bound");
  }

  @Test
  void aTaskDecoratorRunsOnTheCreatingThread() {
    var threads = new ArrayList<Thread>();
    var loop =
        EventLoop.builder()
            .taskDecorator(body -> {
              threads.add(Thread.currentThread());
              return body;
            })
            .build();
    loop.run(() -> {
      var me = Thread.currentThread();
      Async.createTask(() -> 1).await();
      assertThat(threads.get(1)).isSameAs(me);
    });
    assertThat(threads.getFirst()).isSameAs(Thread.currentThread());
  }

  @Test
  void whatADecoratorThrowsTheCreatingCallThrows() {
    var loop =
        EventLoop.builder()
            .taskDecorator(_ -> {
              throw new IllegalArgumentException("no context");
            })
            .build();
    assertThatThrownBy(() -> loop.run(() -> 1)).hasMessage("no context");
    assertThatThrownBy(() -> loop.submit(() -> 1)).hasMessage("no context");
    loop.close();
  }

  @Test
  void aDecoratorThatReturnsNullIsNamedInTheError() {
    @SuppressWarnings("NullAway")
    var loop = EventLoop.builder().name("bad").taskDecorator(_ -> null).build();
    assertThatThrownBy(() -> loop.run(() -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("decorator of loop 'bad' returned null");
  }
}

package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import redis.clients.jedis.ConnectionPoolConfig;

/**
 * The pool below DBCP2 and Jedis: while its last place is being filled by another thread, or by
 * another task, a thread that may wait for ever does not wait but spins.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommonsPoolTest {
  private static final int TICKS = 20;

  private final ExecutorService outside = Executors.newSingleThreadExecutor();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private int ticks;

  @AfterEach
  void close() {
    mayEnd.countDown();
    outside.close();
  }

  /** Makes one object, and takes as long as the test says. */
  private final class Slow extends BasePooledObjectFactory<Object> {
    @Override
    public Object create() throws InterruptedException {
      begun.countDown();
      mayEnd.await();
      return new Object();
    }

    @Override
    public PooledObject<Object> wrap(Object made) {
      return new DefaultPooledObject<>(made);
    }
  }

  private GenericObjectPool<Object> poolOfOne(Duration maxWait) {
    var config = new GenericObjectPoolConfig<Object>();
    config.setMaxTotal(1);
    config.setMaxWait(maxWait);
    config.setJmxEnabled(false);
    return new GenericObjectPool<>(new Slow(), config);
  }

  private void fillFromOutside(GenericObjectPool<Object> pool) throws InterruptedException {
    var _ =
        outside.submit(() -> {
          pool.returnObject(pool.borrowObject());
          return null;
        });
    begun.await();
  }

  private int ticksWhileATaskBorrows(GenericObjectPool<Object> pool) {
    return run(() -> {
      createTask(() -> {
        for (; ticks < TICKS; ticks++) {
          sleep(Duration.ofMillis(5));
        }
        mayEnd.countDown();
      });
      return createTask(
              () -> {
                pool.returnObject(pool.borrowObject());
                return ticks;
              })
          .await();
    });
  }

  @Test
  void withoutMaxWaitTheLoopIsHeld() throws Exception {
    try (var pool = poolOfOne(Duration.ofMillis(-1))) {
      fillFromOutside(pool);
      CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(mayEnd::countDown);

      // One or two, where the end of the spinning is a wait for the pool's monitor.
      assertThat(ticksWhileATaskBorrows(pool)).isLessThan(TICKS / 2);
    }
  }

  @Test
  @DisabledIfSystemProperty(
      named = "segue.engine",
      matches = "portable",
      disabledReason = "every JDK wait holds the loop there")
  void withMaxWaitTheLoopIsFree() throws Exception {
    try (var pool = poolOfOne(Duration.ofSeconds(Trial.SECONDS))) {
      fillFromOutside(pool);

      assertThat(ticksWhileATaskBorrows(pool)).isEqualTo(TICKS);
    }
  }

  @Test
  void dbcp2AndJedisWaitForEverByDefault() throws Exception {
    try (var dbcp2 = new BasicDataSource()) {
      assertThat(dbcp2.getMaxWaitDuration()).isNegative();
    }
    assertThat(new ConnectionPoolConfig().getMaxWaitDuration()).isNegative();
  }
}

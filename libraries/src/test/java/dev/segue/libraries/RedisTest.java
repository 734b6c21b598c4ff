package dev.segue.libraries;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.Async;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** Clients of Redis: a command that waits at the server, and a pool that is empty. */
class RedisTest extends Contract {
  private static final String LIST = "a list that nobody fills";

  private int port;
  private RedisClient jedis;
  private io.lettuce.core.RedisClient lettuce;
  private StatefulRedisConnection<String, String> connection;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    var server = LocalServer.program("redis-server");
    assumeTrue(server != null, "Redis is not installed");
    port = LocalServer.freePort();
    LocalServer.start(
        LocalServer.folder("redis"),
        "TERM",
        LocalServer.notAsRoot(
            server.toString(), "--port", "" + port, "--bind", "127.0.0.1", "--save", ""),
        () -> new Socket("localhost", port).close());
    var pool = new ConnectionPoolConfig();
    pool.setMaxTotal(1);
    pool.setMaxWait(Duration.ofSeconds(Trial.SECONDS));
    jedis = RedisClient.builder().hostAndPort("localhost", port).poolConfig(pool).build();
    var limit = Duration.ofSeconds(2L * Trial.SECONDS);
    lettuce =
        io.lettuce.core.RedisClient.create(
            RedisURI.builder().withHost("localhost").withPort(port).withTimeout(limit).build());
    connection = lettuce.connect();
  }

  @AfterAll
  void close() {
    if (jedis != null) {
      jedis.close();
      lettuce.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "Jedis, BLPOP",
            Waits.IN_THE_JDK,
            () -> jedis.blpop(Trial.SECONDS, LIST),
            () -> jedis.ping()),
        new Trial(
            "Jedis, no connection is free",
            Waits.IN_THE_JDK,
            () -> {
              try (var _ = jedis.getPool().getResource()) {
                jedis.ping();
              }
            },
            () -> jedis.ping()),
        new Trial(
            "Lettuce, BLPOP by sync()",
            Waits.IN_THE_JDK,
            () -> onItsOwn(own -> own.sync().blpop(Trial.SECONDS, LIST)),
            () -> connection.sync().ping()),
        new Trial(
            "Lettuce, BLPOP by async() and await",
            Waits.IN_SEGUE,
            () -> onItsOwn(own -> Async.await(own.async().blpop(Trial.SECONDS, LIST))),
            () -> Async.await(connection.async().ping())));
  }

  private interface Use {
    void of(StatefulRedisConnection<String, String> connection);
  }

  /** A command that blocks holds up all others of its connection. */
  private void onItsOwn(Use use) {
    var own = lettuce.connect();
    try {
      use.of(own);
    } finally {
      own.closeAsync();
    }
  }
}

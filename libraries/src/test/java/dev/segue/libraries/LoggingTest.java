package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A task that logs while another thread is writing to the log. */
@DisabledIfSystemProperty(
    named = "segue.engine",
    matches = "portable",
    disabledReason = "the lock of an appender is a JDK wait, which holds the loop there")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoggingTest {
  private static final int TICKS = 20;

  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);
  private final StringBuilder written = new StringBuilder();
  private int ticks;

  /** A stream whose first write takes until it may go on. */
  private final class SlowStream extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      if (length == 0) {
        return; // a header that is empty
      }
      writing.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      written.append(new String(bytes, from, length, StandardCharsets.UTF_8));
    }
  }

  private void logWhileAnotherThreadIsWriting(Consumer<String> log) throws InterruptedException {
    var first = Thread.ofPlatform().start(() -> log.accept("first"));
    writing.await();
    int meanwhile =
        run(() -> {
          var logging =
              createTask(() -> {
                log.accept("second");
                return ticks;
              });
          createTask(() -> {
            for (; ticks < TICKS; ticks++) {
              sleep(Duration.ofMillis(5));
            }
            mayGoOn.countDown();
          });
          return logging.await();
        });
    first.join();
    assertThat(meanwhile).isEqualTo(TICKS);
    assertThat(written).containsSubsequence("first", "second");
  }

  @Test
  void logback() throws InterruptedException {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    var appender = new OutputStreamAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(new SlowStream());
    appender.start();
    var logger = context.getLogger("test");
    logger.addAppender(appender);

    logWhileAnotherThreadIsWriting(logger::info);
  }

  @Test
  void log4j2() throws InterruptedException {
    var builder = ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setConfigurationName("test");
    builder.add(builder.newRootLogger(Level.INFO));
    try (var context = new org.apache.logging.log4j.core.LoggerContext("test")) {
      context.start(builder.build());
      var appender =
          org.apache.logging.log4j.core.appender.OutputStreamAppender.newBuilder()
              .setName("slow")
              .setTarget(new SlowStream())
              .build();
      appender.start();
      var logger = context.getLogger("test");
      logger.addAppender(appender);

      logWhileAnotherThreadIsWriting(logger::info);
    }
  }
}

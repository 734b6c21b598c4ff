package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mailbox in a folder of its own, whose looks are the tests'. */
@Timeout(60)
class MailboxTest {
  private static final long PID = 4711;

  @TempDir(factory = ShortFolder.class)
  Path folder;

  private ServerSocketChannel server;
  private Mailbox mailbox;

  @BeforeEach
  void listen() throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
    mailbox = new Mailbox(folder, PID);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void request(String text) throws IOException {
    Files.writeString(folder.resolve(PID + ".ask"), text);
  }

  private void permit(String permissions) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
  }

  /** Says some lines, and returns all that is answered to them. */
  private static List<String> talk(SocketChannel channel, String... lines) throws IOException {
    var out = Channels.newWriter(channel, StandardCharsets.UTF_8);
    for (var line : lines) {
      out.write(line + "\n");
    }
    out.flush();
    channel.shutdownOutput();
    return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).lines().toList();
  }

  private List<String> answerTo(String... lines) throws IOException {
    request("socket\n");
    assertThat(mailbox.look()).isTrue();
    try (var channel = server.accept()) {
      return talk(channel, lines);
    }
  }

  @Test
  void aRequestIsAnsweredOnItsSocket() throws Exception {
    assertThat(answerTo()).containsExactly(Mailbox.VERSION + "\t" + ProcessHandle.current().pid());
  }

  @Test
  void aRequestThatStaysIsAnsweredOnce() throws Exception {
    answerTo();
    assertThat(mailbox.look()).isFalse();
  }

  @Test
  void withoutARequestNothingHappens() {
    assertThat(mailbox.look()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx---rwx", "rwx----w-"})
  void inAFolderThatOthersMayWriteToNothingIsAnswered(String permissions) throws Exception {
    request("socket\n");
    permit(permissions);
    assertThat(mailbox.look()).isFalse();
    permit("rwx------"); // too late: somebody may have been there
    assertThat(mailbox.look()).isFalse();
  }

  @Test
  void inALinkToAFolderNothingIsAnswered() throws Exception {
    request("socket\n");
    var link = folder.resolveSibling(folder.getFileName() + ".link");
    Files.createSymbolicLink(link, folder);
    try {
      assertThat(new Mailbox(link, PID).look()).isFalse();
    } finally {
      Files.delete(link);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../socket", "/tmp/socket", "no\0name"})
  void aRequestThatNamesNoSocketInTheFolderIsRefused(String text) throws Exception {
    request(text);
    assertThat(mailbox.look()).isFalse();
  }

  @Test
  void anUnknownQuestionIsAnError() throws Exception {
    assertThat(answerTo("dance"))
        .last()
        .asString()
        .isEqualTo("error\tthis version of Segue does not know 'dance'");
  }

  @Test
  void tasksAreToldWithWhatTheyWaitFor() throws Exception {
    var waits = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("asked\tloop").start()) {
      loop.submit(() -> {
        var lock = new AsyncLock();
        var _ = lock.acquire();
        Async.createTask("waiter", () -> lock.acquire());
        Async.createTask("last", waits::countDown);
        Async.sleep(Duration.ofHours(1));
      });
      waits.await();
      var answer = answerTo("tasks\tNONE");
      assertThat(answer).anyMatch(line -> line.startsWith("loop\tasked\\tloop\t"));
      assertThat(answer)
          .anyMatch(
              line -> line.matches("task\t2\twaiter\twaiting\t\\d+\t0\t1\tlock\tlock-.*held by.*"))
          .anyMatch(line -> line.matches("task\t1\ttask-1\twaiting\t\\d+\t0\t0\tsleep\tsleep\t.*"))
          .endsWith("end\t0");
    }
  }

  @Test
  void aLoopThatIsHeldIsToldOfFromOutside() throws Exception {
    var held = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("held").stallThreshold(Duration.ZERO).start()) {
      loop.submit(() -> {
        Async.createTask("ready", () -> {});
        held.countDown();
        hold(go);
      });
      held.await();
      var answer = answerTo("tasks\tALL");
      go.countDown();
      assertThat(answer)
          .anyMatch(line -> line.matches("loop\theld\t\\w+\t2\ttrue\t.*\t0"))
          .anyMatch(line -> line.matches("task\t1\ttask-1\trunning\t.*"))
          .anyMatch(line -> line.matches("task\t2\tready\tnew\t.*"))
          .anyMatch(line -> line.matches("stack\t1\t.*MailboxTest.hold.*"));
    }
  }

  private static void hold(CountDownLatch until) {
    while (until.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aCaptureOfABusyLoopIsTakenByTheLoop() throws Exception {
    var stopped = new CountDownLatch(1);
    var began = new CountDownLatch(1);
    try (var loop = EventLoop.builder().start()) {
      loop.submit(() -> {
        began.countDown();
        while (stopped.getCount() > 0) {
          Async.checkpoint();
        }
      });
      began.await();
      var captures = new ArrayList<LoopSnapshot>();
      for (int i = 0; i < 20; i++) {
        captures.add(loop.snapshot(Duration.ofSeconds(30)));
      }
      stopped.countDown();
      assertThat(captures).allMatch(LoopSnapshot::complete);
      assertThat(captures).anyMatch(capture -> capture.loopTime().isPositive());
    }
  }

  @Test
  void aRecorderThatIsNotThereIsAnError() throws Exception {
    assertThat(answerTo("record\t" + folder))
        .last()
        .asString()
        .startsWith("error\tthe recorder does not work in that process: ");
  }
}

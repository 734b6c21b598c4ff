package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.process.codec.Dictionary;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which user a connection comes from. */
@Timeout(180)
class ExpectedWorkerTest {
  private static final String NOBODY = "65534";

  @TempDir Path classes;
  private Rendezvous rendezvous;
  private ExpectedWorker expected;

  @BeforeEach
  void open() throws IOException {
    rendezvous = Rendezvous.create();
    var worker = new WorkerProcess("worker", new Dictionary(), 0);
    expected = new ExpectedWorker(worker, rendezvous, new byte[WorkerConfiguration.SECRET_BYTES]);
  }

  @AfterEach
  void close() throws IOException {
    rendezvous.close();
  }

  /** A program that connects, and waits until it is dropped. */
  static final class Connects {
    private Connects() {}

    public static void main(String[] args) throws IOException {
      try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(args[0]));
        var _ = channel.read(ByteBuffer.allocate(1));
      }
    }
  }

  private SocketChannel accept(Process client) throws Exception {
    var channel = rendezvous.server().accept();
    while (channel == null) {
      assertThat(client.isAlive()).as("the client connects").isTrue();
      Thread.sleep(5);
      channel = rendezvous.server().accept();
    }
    return channel;
  }

  @Test
  void aProcessOfOurUserIsOurs() throws Exception {
    var client = connect();
    try (var channel = accept(client)) {
      assertThat(expected.isOurs(channel)).isTrue();
    }
    client.waitFor();
  }

  @Test
  void aProcessOfAnotherUserIsNotOursEvenIfItGetsThrough() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be someone else");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
    letEverybodyThrough(classes);
    letEverybodyThrough(rendezvous.socket());
    letEverybodyThrough(rendezvous.socket().getParent());
    var client =
        connect("/usr/bin/setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    try (var channel = accept(client)) {
      assertThat(expected.isOurs(channel)).isFalse();
    }
    client.waitFor();
  }

  private static void letEverybodyThrough(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Starts the program, from a class path that every user can read. */
  private Process connect(String... launcher) throws IOException {
    var name = Connects.class.getName();
    var file = Path.of(name.replace('.', '/') + ".class");
    var copy = classes.resolve(file);
    Files.createDirectories(copy.getParent());
    try (var original = Connects.class.getClassLoader().getResourceAsStream(file.toString())) {
      Files.copy(original, copy);
    }
    var command = new ArrayList<>(List.of(launcher));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classes.toString(), name, rendezvous.socket().toString()));
    return new ProcessBuilder(command).inheritIO().start();
  }
}

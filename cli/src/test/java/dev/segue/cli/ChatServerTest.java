package dev.segue.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat, with real clients. */
@Timeout(300)
class ChatServerTest {
  private ExampleServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ExampleServer("ChatServer");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** A member of the chat, who has joined and has been told so. */
  private final class Client implements AutoCloseable {
    private final Socket socket = server.connect();
    private final BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

    Client(String name) throws IOException {
      assertThat(in.readLine()).isEqualTo("Your name?");
      say(name);
      readUntil(name + " has joined");
    }

    void say(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    }

    String read() throws IOException {
      return in.readLine();
    }

    void readUntil(String expected) throws IOException {
      String line;
      do {
        line = read();
        assertThat(line).as("a line, while waiting for '%s'", expected).isNotNull();
      } while (!line.equals(expected));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void whatOneSaysAllReadInThatOrder() throws IOException {
    try (var ann = new Client("ann");
        var bob = new Client("bob")) {
      ann.say("hello");
      ann.say("wie geht’s?");
      bob.readUntil("ann: hello");
      assertThat(bob.read()).isEqualTo("ann: wie geht’s?");
      ann.readUntil("ann: hello");
      assertThat(ann.read()).isEqualTo("ann: wie geht’s?");
    }
  }

  @Test
  void theOthersAreToldWhoJoinsAndLeaves() throws IOException {
    try (var ann = new Client("ann")) {
      new Client("bob").close();
      assertThat(ann.read()).isEqualTo("bob has joined");
      assertThat(ann.read()).isEqualTo("bob has left");
    }
  }

  @Test
  void aClientThatBreaksOffHasLeft() throws IOException {
    try (var ann = new Client("ann")) {
      var bob = new Client("bob");
      bob.socket.setSoLinger(true, 0); // a reset, as after a crash
      bob.close();
      ann.readUntil("bob has left");
      ann.say("still here");
      assertThat(ann.read()).isEqualTo("ann: still here");
    }
  }

  @Test
  void aClientThatDoesNotReadStopsNobodyAndIsDroppedInTheEnd() throws Exception {
    int lines = 500;
    try (var ann = new Client("ann");
        var bob = new Client("bob");
        var _ = new Client("slow");
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var dropped = new CountDownLatch(1);
      executor.submit(() -> {
        ann.readUntil("slow has left"); // reads what she says herself
        dropped.countDown();
        return null;
      });
      while (dropped.getCount() > 0) {
        for (int i = 0; i < lines; i++) {
          ann.say("x".repeat(1000));
        }
        ann.say("end");
        bob.readUntil("ann: end"); // so that he is never far behind
      }
      ann.say("without slow");
      bob.readUntil("ann: without slow");
    }
  }

  @Test
  void aThousandMembersAllReadWhatOneSays() throws IOException {
    ExampleServer.assumeRoomForACrowd();
    var crowd = new ArrayList<Client>();
    for (int i = 0; i < ExampleServer.CROWD; i++) {
      crowd.add(new Client("member " + i));
    }
    crowd.getFirst().say("hello");
    for (var member : crowd) {
      member.readUntil("member 0: hello");
    }
    for (var member : crowd) {
      member.close();
    }
  }
}

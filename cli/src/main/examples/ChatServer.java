// A chat: for each client, one task reads what it says, and another writes what all of them say.
//
// Run it by itself, and join it with nc localhost 7000:
// ./segue run ChatServer.java 7000

import dev.segue.Async;
import dev.segue.AsyncQueue;
import dev.segue.Cancelled;
import dev.segue.EventLoop;

/** A client, and the lines that it has yet to be sent. */
record Member(String name, Socket socket, AsyncQueue<String> unsent) {}

final Charset UTF_8 = StandardCharsets.UTF_8;
final Set<Member> members = new HashSet<>(); // only the loop's tasks use it, so it needs no lock

void main(String... args) throws IOException {
  int port = args.length > 0 ? Integer.parseInt(args[0]) : 7000;
  try (var listener = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress())) {
    IO.println("Join the chat with: nc localhost " + listener.getLocalPort());
    EventLoop.builder().name("chat").handleSignals(true).build().run(() -> serve(listener));
  } catch (Cancelled ended) {
    IO.println("The chat has ended: " + ended.reason());
  }
}

void serve(ServerSocket listener) throws IOException {
  while (true) {
    var socket = listener.accept(); // only this task waits
    var _ = Async.createTask(() -> attend(socket));
  }
}

void attend(Socket socket) {
  try (socket) {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    socket.getOutputStream().write("Your name?\n".getBytes(UTF_8));
    var name = Objects.requireNonNullElse(in.readLine(), "somebody");
    var member = new Member(name, socket, AsyncQueue.fifo(10_000));
    members.add(member);
    var writer = Async.createTask(() -> write(member));
    try {
      tell(name + " has joined");
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        tell(name + ": " + line);
        Async.checkpoint(); // a client that pastes a book must not keep the others waiting
      }
    } finally {
      writer.cancel();
      members.remove(member);
      tell(name + " has left");
    }
  } catch (IOException _) {
    // the client has gone, or was dropped
  }
}

void tell(String line) throws IOException {
  for (var member : members) {
    if (!member.unsent().offer(line)) {
      member.socket().close(); // it is 10,000 lines behind, and the others do not wait for it
    }
  }
}

void write(Member member) {
  try (var socket = member.socket()) {
    var out = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), UTF_8));
    while (true) {
      out.write(member.unsent().take() + "\n");
      if (member.unsent().size() == 0) {
        out.flush(); // where the client reads slowly, this task waits, and no other
      }
    }
  } catch (IOException _) {
    // the task that reads will find the socket closed
  }
}

// An HTTP/1.1 server for the files of a folder: a task for each connection, over plain sockets.
// Run it by itself: ./segue run FileServer.java 8080 .

import dev.segue.Async;
import dev.segue.Cancelled;
import dev.segue.EventLoop;

record Reply(String status, long length, DataInputStream bytes) {}

void main(String... args) throws IOException {
  int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
  var root = Path.of(args.length > 1 ? args[1] : ".").toRealPath();
  try (var listener = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress())) {
    IO.println("Serving " + root + " at http://localhost:" + listener.getLocalPort() + "/");
    EventLoop.builder().name("http").handleSignals(true).build().run(() -> serve(listener, root));
  } catch (Cancelled ended) {
    IO.println("The server has ended: " + ended.reason());
  }
}

void serve(ServerSocket listener, Path root) throws IOException {
  while (true) {
    var socket = listener.accept(); // only this task waits
    var _ = Async.createTask(() -> attend(socket, root));
  }
}

void attend(Socket socket, Path root) {
  try (socket) {
    var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    while (answer(Async.timeout(Duration.ofSeconds(30), () -> head(in)), root, socket)) {}
    socket.shutdownOutput(); // to close while bytes are unread would take back the answer
    Async.timeout(Duration.ofSeconds(1), () -> in.readNBytes(65_536));
  } catch (IOException | TimeoutException _) { // the client has gone, or says nothing
  }
}

String head(DataInputStream in) throws IOException {
  var head = new StringBuilder();
  while (head.indexOf("\r\n\r\n", head.length() - 4) < 0 && head.length() < 8192) {
    head.append((char) in.readUnsignedByte());
  }
  return head.toString();
}

boolean answer(String head, Path root, Socket socket) throws IOException {
  var reply = Async.toThread(() -> find(head, root)); // files would hold the loop's thread
  var lasts = "(?is).*( HTTP/1.0|\nConnection: *close|\nContent-|\nTransfer-).*";
  boolean last = !head.endsWith("\r\n\r\n") || head.matches(lasts);
  try (var bytes = reply.bytes()) {
    var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    var fields = (last ? "\r\nConnection: close" : "") + "\r\nContent-Length: " + reply.length();
    out.writeBytes("HTTP/1.1 " + reply.status() + fields + "\r\n\r\n");
    for (long left = head.startsWith("HEAD") ? 0 : reply.length(); left > 0; left -= 65_536) {
      var part = new byte[(int) Math.min(left, 65_536)];
      Async.toThread(() -> bytes.readFully(part));
      out.write(part);
    }
    out.flush();
  }
  return !last;
}

Reply find(String head, Path root) {
  var nothing = new DataInputStream(InputStream.nullInputStream());
  var words = head.split("\\s", 4); // GET /index.html HTTP/1.1 and the fields
  if (!head.endsWith("\r\n\r\n")) {
    return new Reply("431 Request Header Fields Too Large", 0, nothing);
  } else if (!words[0].matches("GET|HEAD")) {
    return new Reply("405 Method Not Allowed\r\nAllow: GET, HEAD", 0, nothing);
  }
  try {
    var path = root.resolve("." + URI.create(words[1]).getPath()).toRealPath();
    if (path.startsWith(root) && Files.isRegularFile(path)) { // also where a link leads out
      return new Reply("200 OK", Files.size(path), new DataInputStream(Files.newInputStream(path)));
    }
  } catch (IOException | IllegalArgumentException _) { // there is no such file
  }
  return new Reply("404 Not Found", 0, nothing);
}

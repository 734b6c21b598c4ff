package dev.segue.bench.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Servers in plain blocking code: one task or thread for each connection runs one of these. */
final class Sockets {
  /** What every GET is answered with. */
  static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!"
          .getBytes(StandardCharsets.US_ASCII);

  static final int BUFFER = 4096;

  /** So many clients may connect at once. */
  static final int BACKLOG = 1024;

  private Sockets() {}

  /** What is done with each connection. */
  interface Handler {
    /** Serves a connection until the other side closes it. */
    void serve(Socket connection) throws IOException;
  }

  static ServerSocket listen() throws IOException {
    return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  }

  /** Sends back whatever comes. */
  static void echo(Socket connection) throws IOException {
    try (connection) {
      connection.setTcpNoDelay(true);
      var input = connection.getInputStream();
      var output = connection.getOutputStream();
      var buffer = new byte[BUFFER];
      for (int read = input.read(buffer); read > 0; read = input.read(buffer)) {
        output.write(buffer, 0, read);
      }
    }
  }

  /** Answers requests without a body: each blank line that comes. */
  static void http(Socket connection) throws IOException {
    try (connection) {
      connection.setTcpNoDelay(true);
      var input = connection.getInputStream();
      var output = connection.getOutputStream();
      var buffer = new byte[BUFFER];
      var blankLine = new BlankLine();
      for (int read = input.read(buffer); read > 0; read = input.read(buffer)) {
        for (int i = 0; i < read; i++) {
          if (blankLine.endsWith(buffer[i])) {
            output.write(ANSWER);
          }
        }
      }
    }
  }

  /** Finds the ends of requests in bytes that come in any pieces. */
  static final class BlankLine {
    private int matched;

    /** Takes the next byte, and returns whether it ends a blank line. */
    boolean endsWith(byte next) {
      boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
      matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
      if (matched == 4) {
        matched = 0;
        return true;
      }
      return false;
    }
  }
}

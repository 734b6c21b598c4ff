package dev.segue.waits;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two sockets that are connected. */
record SocketPair(Socket client, Socket accepted) implements AutoCloseable {
  static SocketPair connect() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var client = new Socket(server.getInetAddress(), server.getLocalPort());
      return new SocketPair(client, server.accept());
    }
  }

  /** Waits for a byte from the other end. */
  int read() throws IOException {
    return client.getInputStream().read();
  }

  /** Sends what {@link #read} waits for. */
  void write(int value) throws IOException {
    accepted.getOutputStream().write(value);
  }

  @Override
  public void close() throws IOException {
    client.close();
    accepted.close();
  }
}

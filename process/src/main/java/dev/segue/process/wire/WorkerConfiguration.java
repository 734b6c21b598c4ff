package dev.segue.process.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker is told first. Nothing else comes on its standard input, which no other process can
 * read.
 *
 * @param secret what the worker proves its identity with
 * @param socket the path of the socket to connect to
 * @param claims the file of the shared memory
 * @param leavesGroup whether it still has to leave the parent's process group
 * @param hasInitializer whether an initializer comes before the first task
 * @param classPath the class path as the parent sees it
 */
public record WorkerConfiguration(
    byte[] secret,
    String socket,
    String claims,
    boolean leavesGroup,
    boolean hasInitializer,
    List<String> classPath) {
  /** The version of the protocol, which must be the same on both sides. */
  static final int VERSION = 3;

  public static final int SECRET_BYTES = 32;

  private static final int MAGIC = 0x5e9e_0001;

  public void write(DataOutputStream out) throws IOException {
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.write(secret);
    out.writeUTF(socket);
    out.writeUTF(claims);
    out.writeBoolean(leavesGroup);
    out.writeBoolean(hasInitializer);
    out.writeInt(classPath.size());
    for (var line : classPath) {
      out.writeUTF(line);
    }
    out.flush();
  }

  public static WorkerConfiguration read(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new ProtocolException(
          "this program is a worker of a Segue process pool, and only a pool can start it");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new ProtocolException(
          "the pool uses version " + version + " of the protocol, this worker " + VERSION);
    }
    var secret = in.readNBytes(SECRET_BYTES);
    var socket = in.readUTF();
    var claims = in.readUTF();
    boolean leavesGroup = in.readBoolean();
    boolean hasInitializer = in.readBoolean();
    int lines = in.readInt();
    var classPath = new ArrayList<String>();
    for (int i = 0; i < lines; i++) {
      classPath.add(in.readUTF());
    }
    return new WorkerConfiguration(secret, socket, claims, leavesGroup, hasInitializer, classPath);
  }
}

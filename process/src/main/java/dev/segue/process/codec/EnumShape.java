package dev.segue.process.codec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;

/**
 * An enum as the sender has it. Its class is initialized on first use of a constant.
 *
 * @param type the enum in this process
 * @param names its constants at the sender, in order
 */
record EnumShape(Class<?> type, String[] names) {
  /** Writes the dictionary's entry. */
  static byte[] entry(Class<?> type) {
    return Shape.entry(Shape.ENUM, out -> write(type, out));
  }

  private static void write(Class<?> type, DataOutputStream out) throws IOException {
    out.writeUTF(type.getName());
    var constants = type.getEnumConstants();
    out.writeInt(constants.length);
    for (var constant : constants) {
      out.writeUTF(((Enum<?>) constant).name());
    }
  }

  /** Reads what {@link #entry} wrote. */
  static EnumShape read(DataInputStream in, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    var type = Class.forName(in.readUTF(), false, loader);
    if (!type.isEnum()) {
      throw new InvalidClassException(type.getName(), "not an enum in this process");
    }
    int n = in.readInt();
    if (n < 0 || n > in.available() / 2) {
      throw new StreamCorruptedException("an enum cannot have " + n + " constants");
    }
    var names = new String[n];
    for (int i = 0; i < n; i++) {
      names[i] = in.readUTF();
    }
    return new EnumShape(type, names);
  }

  /** Returns the constant with the same name as the sender's constant of this ordinal. */
  @SuppressWarnings("unchecked") // No type parameter can name an enum that only its class tells.
  Object constant(int ordinal) throws IOException {
    if (ordinal >= names.length) {
      throw new StreamCorruptedException(type.getName() + " has no constant number " + ordinal);
    }
    try {
      return Enum.valueOf(type.asSubclass(Enum.class), names[ordinal]);
    } catch (IllegalArgumentException e) {
      throw new InvalidObjectException(
          type.getName() + " has no constant " + names[ordinal] + " in this process", e);
    }
  }
}

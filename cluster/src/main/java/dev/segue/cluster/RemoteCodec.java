package dev.segue.cluster;

import dev.segue.futures.RemoteException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** On an executor: turns bytes into tasks, and results into bytes. A stand-in. */
final class RemoteCodec {
  private RemoteCodec() {}

  static Object decodeTask(byte[] bytes, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return TaskCodec.object(bytes, loader);
  }

  static byte[] encodeValue(@Nullable Object value) throws IOException {
    return TaskCodec.bytes(new @Nullable Object[] {value, null});
  }

  static byte[] encodeFailure(Throwable thrown) {
    try {
      return TaskCodec.bytes(new @Nullable Object[] {null, thrown});
    } catch (IOException e) {
      try {
        return TaskCodec.bytes(
            new @Nullable Object[] {
              null, new RemoteException(thrown.toString(), thrown.getClass().getName(), "", null)
            });
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}

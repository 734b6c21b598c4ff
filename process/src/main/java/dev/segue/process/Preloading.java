package dev.segue.process;

import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Thrown;
import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.Receiver;
import java.io.ObjectInputFilter;
import java.lang.invoke.MethodHandles;
import java.net.StandardSocketOptions;
import java.util.List;

/** Loads classes before they are needed, at a time when nothing waits for this JVM. */
final class Preloading {
  private Preloading() {}

  /** Loads what a connection and the first result need, while the first worker's JVM starts. */
  static void ofConnections() {
    load(
        List.of(
            StandardSocketOptions.class,
            ObjectInputFilter.Config.class,
            Candidate.class,
            FrameReader.class,
            FrameType.class,
            Receiver.class,
            Decoder.class,
            WorkerConnection.class,
            Delivery.class,
            Reply.Result.class));
  }

  /** Loads what workers load and their parent does not. */
  static void ofWorkers() {
    load(
        List.of(
            WorkerMain.class,
            WorkerControl.class,
            ParentConnection.class,
            TaskRunner.class,
            Thrown.class));
  }

  private static void load(List<Class<?>> classes) {
    for (var type : classes) {
      try {
        var _ = MethodHandles.lookup().ensureInitialized(type);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // all are in this package, or public
      } catch (LinkageError | VirtualMachineError _) {
        // The first use fails in the same way, and tells.
      }
    }
  }
}

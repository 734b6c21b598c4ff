package dev.segue.process;

import dev.segue.process.codec.ArrivingArray;
import dev.segue.process.codec.Decoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker's reply to a task. */
sealed interface Reply {
  /** The number of the task at this worker. */
  long number();

  /** The task returned this value, which was decoded without running user code. */
  record Value(long number, @Nullable Object value) implements Reply {}

  /** The task returned a value that has yet to be decoded. */
  record Result(long number, ByteBuffer bytes, List<ArrivingArray> arrays, Decoder decoder)
      implements Reply {}

  /** The task threw an exception that has yet to be decoded. */
  record Failure(long number, ByteBuffer bytes, List<ArrivingArray> arrays, Decoder decoder)
      implements Reply {}

  /** The task was skipped, because it had been taken back. */
  record Skipped(long number) implements Reply {}
}

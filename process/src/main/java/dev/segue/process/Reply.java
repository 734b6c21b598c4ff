package dev.segue.process;

import dev.segue.process.codec.Decoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a worker says of a task. */
sealed interface Reply {
  /** The worker's number of the task. */
  long number();

  /** It returned this, which could be decoded without running anybody's code. */
  record Value(long number, @Nullable Object value) implements Reply {}

  /** It returned this, which is still to be decoded. */
  record Result(long number, ByteBuffer bytes, Decoder decoder) implements Reply {}

  /** It threw this. */
  record Failure(long number, ByteBuffer bytes, Decoder decoder) implements Reply {}

  /** It had been taken back. */
  record Skipped(long number) implements Reply {}
}

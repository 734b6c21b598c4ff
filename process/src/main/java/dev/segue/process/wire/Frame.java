package dev.segue.process.wire;

import dev.segue.process.codec.ArrivingArray;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A message between parent and worker.
 *
 * @param type its type
 * @param body the rest, little endian; valid until the next frame is read
 * @param arrays the large arrays of the value in it; for {@link FrameType#ARRAY} that one
 */
public record Frame(FrameType type, ByteBuffer body, List<ArrivingArray> arrays) {}

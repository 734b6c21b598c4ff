package dev.segue.process.wire;

import java.nio.ByteBuffer;

/**
 * A message between parent and worker.
 *
 * @param type its type
 * @param body the rest, little endian; valid until the next frame is read
 */
public record Frame(FrameType type, ByteBuffer body) {}

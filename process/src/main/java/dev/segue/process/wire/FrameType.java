package dev.segue.process.wire;

/** The types of frames between parent and worker, which docs/process-protocol.md describes. */
public enum FrameType {
  /** Worker: the secret, which proves that this is the worker which was started. */
  HELLO(1),
  /** Parent: what to run before the first task. */
  INITIALIZER(2),
  /** Worker: ready for tasks. */
  READY(3),
  /** Worker: why it cannot work. It then ends. */
  START_FAILED(4),
  /** Either side: an entry of the sender's dictionary. */
  DEFINITION(5),
  /** Parent: a task on offer. */
  TASK(6),
  /** Worker: what a task returned. */
  RESULT(7),
  /** Worker: what a task threw. */
  FAILURE(8),
  /** Worker: a task had been taken back before it could be claimed. */
  SKIPPED(9),
  /** Worker: the secret, on the connection for control messages. */
  CONTROL(10),
  /** Either side: a large array, which belongs to the next value. */
  ARRAY(11);

  private final byte code;

  FrameType(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  static FrameType of(byte code) throws ProtocolException {
    return switch (code) {
      case 1 -> HELLO;
      case 2 -> INITIALIZER;
      case 3 -> READY;
      case 4 -> START_FAILED;
      case 5 -> DEFINITION;
      case 6 -> TASK;
      case 7 -> RESULT;
      case 8 -> FAILURE;
      case 9 -> SKIPPED;
      case 10 -> CONTROL;
      case 11 -> ARRAY;
      default -> throw new ProtocolException("unknown frame type " + code);
    };
  }
}

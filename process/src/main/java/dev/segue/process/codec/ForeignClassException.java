package dev.segue.process.codec;

/** A value contains an object of a class that the other side cannot load. */
final class ForeignClassException extends RuntimeException {
  private final transient Class<?> type;

  ForeignClassException(Class<?> type, String why) {
    super(why, null, false, false);
    this.type = type;
  }

  Class<?> type() {
    return type;
  }
}

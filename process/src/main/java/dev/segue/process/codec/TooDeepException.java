package dev.segue.process.codec;

/** A value is nested deeper than {@link Tag#DEEPEST}. */
final class TooDeepException extends RuntimeException {
  TooDeepException() {
    super("nested deeper than " + Tag.DEEPEST, null, false, false);
  }
}

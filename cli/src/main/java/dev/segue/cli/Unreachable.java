package dev.segue.cli;

/** Why a process cannot be looked into, in a sentence, and what the command exits with. */
final class Unreachable extends Exception {
  private static final long serialVersionUID = 1L;

  /** What keeps one from looking. */
  enum Reason {
    NO_PROCESS(3),
    OTHER_USER(4),
    NOT_JAVA(5),
    NO_SEGUE(6),
    STOPPED(7),
    NO_ANSWER(8),
    FOLDER(9),
    NOT_UNDERSTOOD(10);

    private final int exitCode;

    Reason(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  private final Reason reason;
  private final String sentence;

  Unreachable(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }

  Reason reason() {
    return reason;
  }

  int exitCode() {
    return reason.exitCode;
  }
}

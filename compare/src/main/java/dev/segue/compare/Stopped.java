package dev.segue.compare;

/** The comparison was stopped: what has been measured so far is all there is. */
final class Stopped extends Exception {
  /** Of a program that a Ctrl-C has ended. */
  static final int EXIT_CODE = 130;

  Stopped() {
    super(null, null, false, false);
  }
}

package dev.segue.libraries;

import dev.segue.Action;

/**
 * A call of a library that waits for longer than any test takes.
 *
 * @param name the library, and what is called
 * @param waits how it waits
 * @param call the call
 * @param afterwards uses the library again, and fails if the call has left it unusable
 */
record Trial(String name, Waits waits, Action<Exception> call, Action<Exception> afterwards) {
  /** How long such a call waits if nothing ends it: so long that a test that needs it fails. */
  static final int SECONDS = 30;

  @Override
  public String toString() {
    return name;
  }
}

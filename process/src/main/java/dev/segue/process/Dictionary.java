package dev.segue.process;

/**
 * What encoded values refer to by number: lambda shapes, and classes of records and enums. One for
 * each sending side; entries are only ever added. Safe for use by several threads.
 */
final class Dictionary {
  /** The entry as bytes, for {@link Decoder#define}. */
  byte[] definition(int number) {
    return new byte[0];
  }
}

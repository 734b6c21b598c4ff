package dev.segue;

/**
 * Where the library logs; a class of its own, because finding a logger costs a short program's
 * start.
 */
final class Log {
  static final System.Logger LOGGER = System.getLogger("dev.segue");

  private Log() {}
}

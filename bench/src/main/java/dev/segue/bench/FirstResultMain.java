package dev.segue.bench;

/**
 * Prints how many seconds a pool takes from its creation to its first result. A program of its own,
 * so that nothing is warm.
 */
final class FirstResultMain {
  private FirstResultMain() {}

  /** Takes whose pool it is, and how many workers it may have. */
  public static void main(String[] args) throws Exception {
    System.out.println(ExecutorContender.firstResult(args[0], Integer.parseInt(args[1])));
  }
}

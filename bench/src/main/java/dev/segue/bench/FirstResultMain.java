package dev.segue.bench;

/**
 * Prints how many seconds a pool takes from its creation to its first result. A program of its own,
 * so that nothing is warm.
 */
final class FirstResultMain {
  private FirstResultMain() {}

  /** Takes how many workers the pool may have. */
  public static void main(String[] args) throws Exception {
    System.out.println(SegueContender.firstResult(Integer.parseInt(args[0])));
  }
}

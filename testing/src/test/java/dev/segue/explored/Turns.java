package dev.segue.explored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** Who asks for something and who gets it, each by a number. Confined to one loop. */
final class Turns {
  private final List<Integer> asked = new ArrayList<>();
  private final List<Integer> got = new ArrayList<>();

  void asks(int number) {
    asked.add(number);
  }

  void gets(int number) {
    got.add(number);
  }

  /** Nobody has overtaken another, though some may have given up. */
  void assertInOrder() {
    var inOrder = new ArrayList<>(asked);
    inOrder.retainAll(got);
    assertEquals(inOrder, got, () -> "they asked in the order " + asked);
  }
}

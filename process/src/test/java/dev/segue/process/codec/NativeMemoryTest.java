package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.process.codec.NativeMemory.Block;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of the memory outside of the heap. */
class NativeMemoryTest {
  private final NativeMemory memory = new NativeMemory(1_000, _ -> {});

  @AfterEach
  void freeAll() {
    memory.freeAll();
  }

  private Block take(int size) {
    return memory.take(size, size);
  }

  private static boolean isFreed(Block block) {
    return !block.memory().scope().isAlive();
  }

  @Test
  void whatIsGivenBackIsTakenAgain() {
    var block = take(300);
    memory.giveBack(block);
    assertThat(memory.keptBytes()).isEqualTo(300);
    assertThat(take(300)).isSameAs(block);
    assertThat(memory.keptBytes()).isZero();
    memory.giveBack(block);
  }

  @Test
  void twoNeverHaveTheSame() {
    var blocks = new HashSet<Block>();
    for (int i = 0; i < 3; i++) {
      assertThat(blocks.add(take(100))).isTrue();
    }
    blocks.forEach(memory::giveBack);
    assertThat(Set.of(take(100), take(100), take(100))).isEqualTo(blocks);
    blocks.forEach(memory::giveBack);
  }

  @Test
  void theSmallestThatIsLargeEnoughIsTaken() {
    var small = take(200);
    var large = take(230);
    var larger = take(240);
    memory.giveBack(larger);
    memory.giveBack(large);
    memory.giveBack(small);
    assertThat(take(201)).isSameAs(large);
    memory.giveBack(large);
  }

  @Test
  void aMuchLargerOneIsNotTaken() {
    var large = take(300);
    memory.giveBack(large);
    var block = take(200);
    assertThat(block).isNotSameAs(large);
    assertThat(block.size()).isEqualTo(200);
    memory.giveBack(block);
  }

  @Test
  void aNewOneMayBeSmallerThanAKeptOneWouldHaveToBe() {
    var block = memory.take(5_000, 200);
    assertThat(block.size()).isEqualTo(200);
    memory.giveBack(block);
    assertThat(memory.take(5_000, 200)).isNotSameAs(block);
  }

  @Test
  void noMoreIsKeptThanAllowedAndTheOldestGoes() {
    var first = take(400);
    var second = take(400);
    var third = take(400);
    memory.giveBack(first);
    memory.giveBack(second);
    memory.giveBack(third);
    assertThat(memory.keptBytes()).isEqualTo(800);
    assertThat(isFreed(first)).isTrue();
    assertThat(isFreed(third)).isFalse();
  }

  @Test
  void aBlockLargerThanAllIsNotKept() {
    var block = take(1_001);
    memory.giveBack(block);
    assertThat(memory.keptBytes()).isZero();
    assertThatThrownBy(() -> block.memory().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNotUsedBetweenTwoLooksIsFreed() {
    var block = take(100);
    memory.giveBack(block);
    assertThat(memory.look()).isTrue();
    assertThat(isFreed(block)).isFalse();

    assertThat(memory.look()).isFalse();

    assertThat(isFreed(block)).isTrue();
    assertThat(memory.keptBytes()).isZero();
  }

  @Test
  void whereNoThreadCanBeStartedNothingIsKept() {
    var without =
        new NativeMemory(
            1_000,
            _ -> {
              throw new OutOfMemoryError("unable to create native thread");
            });
    var block = without.take(100, 100);
    without.giveBack(block);
    assertThat(isFreed(block)).isTrue();
  }

  @Test
  void oneThreadIsStartedUntilNothingIsKept() {
    var started = new ArrayList<Runnable>();
    var watched = new NativeMemory(1_000, started::add);
    var block = watched.take(100, 100);
    watched.giveBack(block);
    watched.giveBack(watched.take(100, 100));
    assertThat(started).hasSize(1);
    assertThat(watched.look()).isTrue();
    assertThat(watched.look()).isFalse();
    watched.giveBack(watched.take(100, 100));
    assertThat(started).hasSize(2);
    watched.freeAll();
  }

  @Test
  void whatIsUsedIsKept() {
    for (int i = 0; i < 5; i++) {
      memory.giveBack(take(100));
      assertThat(memory.look()).isTrue();
      assertThat(memory.keptBytes()).isEqualTo(100);
    }
  }
}

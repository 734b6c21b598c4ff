package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerHeapTest {
  private static final class Probe extends Timer {
    final int number; // in the order of adding

    Probe(int number, long deadline) {
      super(deadline);
      this.number = number;
    }

    @Override
    void fire() {}
  }

  private final TimerHeap heap = new TimerHeap();

  private boolean isEmpty() {
    return heap.earliest() == Long.MAX_VALUE;
  }

  private List<Integer> pollAll(long now) {
    var polled = new ArrayList<Integer>();
    while (heap.pollDue(now) instanceof Probe probe) {
      polled.add(probe.number);
    }
    return polled;
  }

  @Test
  void theEarliestDeadlineComesFirst() {
    for (int i = 0; i < 100; i++) {
      heap.add(new Probe(i, (i * 37) % 100));
    }

    assertThat(heap.earliest()).isZero();
    assertThat(pollAll(99).stream().map(number -> (number * 37) % 100)).isSorted().hasSize(100);
    assertThat(isEmpty()).isTrue();
  }

  @Test
  void timersOfOneDeadlineComeInTheOrderOfAdding() {
    for (int i = 0; i < 100; i++) {
      heap.add(new Probe(i, 7));
    }

    assertThat(pollAll(7)).isSorted().hasSize(100);
  }

  @Test
  void whatIsNotDueYetStays() {
    heap.add(new Probe(0, 5));

    assertThat(heap.pollDue(4)).isNull();
    assertThat(heap.pollDue(5)).isNotNull();
  }

  @Test
  void aTimerThatIsNeverDueIsNotAdded() {
    var never = new Probe(0, Long.MAX_VALUE);
    heap.add(never);
    heap.remove(never);

    assertThat(isEmpty()).isTrue();
  }

  @Test
  void removingTwiceOrAfterTheEndDoesNothing() {
    var removed = new Probe(0, 1);
    var fired = new Probe(1, 1);
    heap.add(removed);
    heap.add(fired);
    heap.add(new Probe(2, 2));
    heap.remove(removed);
    heap.remove(removed);
    assertThat(heap.pollDue(1)).isSameAs(fired);
    heap.remove(fired);

    assertThat(pollAll(2)).containsExactly(2);
  }

  @Test
  void aHeapWhoseTimersWereAllRemovedIsEmpty() {
    var probes = new ArrayList<Probe>();
    for (int i = 0; i < 100; i++) {
      probes.add(new Probe(i, i));
      heap.add(probes.getLast());
    }
    probes.forEach(heap::remove);

    assertThat(isEmpty()).isTrue();
  }

  @Test
  void aHeapWithNothingLeftButRemovedTimersIsEmpty() {
    var removed = new Probe(0, 2);
    heap.add(removed);
    heap.add(new Probe(1, 1));
    heap.remove(removed);
    assertThat(pollAll(1)).containsExactly(1);

    assertThat(isEmpty()).isTrue();
  }

  @Test
  void removedTimersAreNotKeptAlive() {
    var gone = new ArrayList<WeakReference<Timer>>();
    for (int i = 0; i < 1_000; i++) {
      var probe = new Probe(i, i);
      heap.add(probe);
      heap.remove(probe);
      gone.add(new WeakReference<>(probe));
    }
    assertThat(isEmpty()).isTrue(); // the loop asks once a turn
    System.gc();

    assertThat(gone).allMatch(reference -> reference.get() == null);
  }

  @Test
  void removedTimersDoNotPileUpUntilTheLoopAsks() {
    var gone = new ArrayList<WeakReference<Timer>>();
    heap.add(new Probe(0, 1));
    for (int i = 1; i <= 10_000; i++) {
      var probe = new Probe(i, i);
      heap.add(probe);
      heap.remove(probe);
      gone.add(new WeakReference<>(probe));
    }
    System.gc();

    assertThat(gone.stream().filter(reference -> reference.get() != null).count()).isLessThan(100);
    assertThat(pollAll(1)).containsExactly(0);
  }

  /** Steps at random, against a list that is searched. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void doesWhatASortedListDoes(int seed) {
    var random = new Random(seed);
    var model = new ArrayList<Probe>();
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      int step = random.nextInt(100);
      if (step < 45 || model.isEmpty()) {
        var probe = new Probe(i, now + random.nextInt(1 + i % 500));
        heap.add(probe);
        model.add(probe);
      } else if (step < 45 + seed * 5) {
        heap.remove(model.remove(random.nextInt(model.size())));
      } else {
        now += random.nextInt(50);
        var due = earliest(model, now);
        model.remove(due);
        assertThat(heap.pollDue(now)).isSameAs(due);
      }
      var first = earliest(model, Long.MAX_VALUE);
      assertThat(heap.earliest()).isEqualTo(first == null ? Long.MAX_VALUE : first.deadline);
      assertThat(isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  private static @Nullable Probe earliest(List<Probe> model, long now) {
    return model.stream()
        .filter(probe -> probe.deadline <= now)
        .min(
            Comparator.<Probe>comparingLong(probe -> probe.deadline)
                .thenComparingInt(probe -> probe.number))
        .orElse(null);
  }
}

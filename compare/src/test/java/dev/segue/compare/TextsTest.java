package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextsTest {
  @Test
  void aValueIsNamedByItsText() {
    assertThat(Texts.of((Object) 17)).isEqualTo("17");
    assertThat(Texts.of((Object) null)).isEqualTo("null");
    assertThat(Texts.of((Object) "a")).isEqualTo("\"a\"");
  }

  @Test
  void anArrayIsNamedByWhatIsInIt() {
    assertThat(Texts.of(new int[] {1, 2})).isEqualTo("[1, 2]");
  }

  @Test
  void ofMuchOnlyTheBeginningIsNamed() {
    assertThat(Texts.of(new int[30_000])).isEqualTo("[0, 0, 0, 0, 0, ... 30000 in all]");
    assertThat(Texts.of(IntStream.range(0, 1_000).boxed().toList()))
        .isEqualTo("[0, 1, 2, 3, 4, ... 1000 in all]");
    assertThat(Texts.of((Object) "x".repeat(10_000))).hasSizeLessThan(100);
  }

  @Test
  void aValueWhoseTextThrowsIsNamedAllTheSame() {
    var value =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException();
          }
        };
    assertThat(Texts.of(value)).contains("toString threw java.lang.IllegalStateException");
  }

  @Test
  void whereItHappenedIsTheFirstLineOfTheUser() {
    var stack =
        List.of(
            new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", 1),
            new StackTraceElement("shop.Job$Part", "lambda$work$3", "Job.java", 12),
            new StackTraceElement("dev.segue.compare.Turn", "run", "Turn.java", 5));
    assertThat(Texts.at(stack)).isEqualTo("Job.Part.work(Job.java:12)");
  }

  private interface Job extends Runnable, Serializable {}

  private static StackTraceElement where(Runnable thrower) {
    try {
      thrower.run();
      throw new AssertionError("it did not throw");
    } catch (IllegalStateException e) {
      return e.getStackTrace()[0];
    }
  }

  private static StackTraceElement asOfAUser(StackTraceElement line) {
    return new StackTraceElement(
        "shop.Jobs", line.getMethodName(), line.getFileName(), line.getLineNumber());
  }

  @Test
  void ofALambdaTheMethodThatItIsInIsNamed() {
    Runnable plain =
        () -> {
          throw new IllegalStateException();
        };
    Job serializable =
        () -> {
          throw new IllegalStateException();
        };
    for (var lambda : List.of(plain, serializable)) {
      var line = where(lambda);
      assertThat(line.getMethodName()).startsWith("lambda$");
      assertThat(Texts.at(List.of(asOfAUser(line))))
          .startsWith("Jobs.ofALambdaTheMethodThatItIsInIsNamed(TextsTest");
    }
  }

  @Test
  void aReadyMadeWorkloadIsAUsersToo() {
    var line = new StackTraceElement("dev.segue.compare.workload.Sort", "sort", "Sort.java", 7);
    assertThat(Texts.at(List.of(line))).isEqualTo("Sort.sort(Sort.java:7)");
  }

  @Test
  void aStackWithoutTheUserIsNowhere() {
    assertThat(Texts.at(List.of())).isNull();
  }
}

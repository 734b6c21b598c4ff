package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.Plan.Sweep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class SweepOptionTest {
  private static Sweep parse(String text) {
    return new SweepOption().convert(text);
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    assertThat(parse("jobs=1,2, 40")).isEqualTo(new Sweep("jobs", List.of("1", "2", "40")));
    assertThat(parse("mode=fast")).isEqualTo(new Sweep("mode", List.of("fast")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1..8          | 1 2 4 8",
        "1..10         | 1 2 4 8 10",
        "3..4          | 3 4",
        "1..128        | 1 2 4 8 16 32 64 128", // eight values
        "1..129        | 1 3 10 30 100 129", // nine would be too many
        "100..100000   | 100 300 1000 3000 10000 30000 100000",
        "1..10000000   | 1 10 100 1000 10000 100000 1000000 10000000",
        "1ms..1s       | 1ms 3ms 10ms 30ms 100ms 300ms 1s",
        "500us..2ms    | 500us 1ms 2ms",
        "0.5s..1m      | 500ms 1s 2s 4s 8s 16s 32s 60s",
        "100ns..1.6us  | 100ns 200ns 400ns 800ns 1.6us",
        "0.5..2        | 0.5 1 2",
      })
  void aRangeGoesByFactorsAndHasAtMostEightValues(String range, String values) {
    assertThat(parse("x=" + range).values()).containsExactly(values.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`', // not an apostrophe, which values begin with
      value = {
        "jobs            | 'jobs' is not as jobs=1,2,4 or length=1ms..1s",
        "jobs=           | 'jobs=' is not as jobs=1,2,4 or length=1ms..1s",
        "jobs=1,,2       | 'jobs=1,,2' has an empty value",
        "jobs=4..2       | the range '4..2' must begin above 0 and end higher",
        "jobs=2..2       | the range '2..2' must begin above 0 and end higher",
        "jobs=0..2       | the range '0..2' must begin above 0 and end higher",
        "length=1..3ms   | of the range '1..3ms' only one end has a unit",
        "length=1ms..x   | 'x' is neither a number nor a time such as 500us, 20ms or 1.5s",
        "jobs=-1..4      | '-1' is neither a number nor a time such as 500us, 20ms or 1.5s",
        "jobs=1..1e9     | '1e9' is neither a number nor a time such as 500us, 20ms or 1.5s",
        "jobs=1..99999999| the range '1..99999999' is too wide; name the values instead",
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage(message);
  }
}

package dev.segue.compare;

import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports as JSON and CSV. */
class ReportFilesTest {
  @TempDir Path folder;

  private static Report report() {
    var stall =
        new Finding(SYNC, Finding.Kind.STALL, "said \"x\",\nand more </script>", "A.java:1");
    return Reports.report(
        Reports.of(WAITS)
            .with(SYNC, 2_000.123456)
            .with(new ModelResult(PROCESS_POOL, 1, 0, false, List.of()))
            .found(stall)
            .found(PROCESS_POOL, Finding.Kind.NOT_SERIALIZABLE, null)
            .at("jobs", "10"),
        Reports.of(null).at("jobs", "20"));
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    var file = folder.resolve("report.json");
    ReportJson.write(report(), file);
    assertThat(ReportJson.read(file)).isEqualTo(report());
    assertThat(ReportJson.parse(ReportJson.of(Reports.report())).points()).isEmpty();
    var single = Reports.of(WAITS).with(SYNC, 3).report();
    assertThat(ReportJson.parse(ReportJson.of(single))).isEqualTo(single);
  }

  @Test
  void timesAreInSeconds() {
    var json = JsonParser.parseString(ReportJson.of(report())).getAsJsonObject();
    assertThat(json.get("version").getAsInt()).isEqualTo(1);
    var point = json.getAsJsonArray("points").get(0).getAsJsonObject();
    assertThat(point.getAsJsonObject("jobs").get("median_seconds").getAsString())
        .isEqualTo("0.020000000");
    var sync = point.getAsJsonArray("models").get(0).getAsJsonObject();
    assertThat(sync.get("model").getAsString()).isEqualTo("sync");
    var repetition = sync.getAsJsonArray("repetitions").get(0).getAsJsonObject();
    assertThat(repetition.get("wall_seconds").getAsString()).isEqualTo("2.000123456");
    var wall = sync.getAsJsonObject("medians").getAsJsonObject("wall_seconds");
    assertThat(wall.get("median").getAsDouble()).isEqualTo(2.000123456);
  }

  @Test
  void whatALaterVersionAddsIsIgnored() {
    var json = ReportJson.of(report());
    assertThat(ReportJson.parse(json.replaceFirst("\"workers\"", "\"new\": [1], \"workers\"")))
        .isEqualTo(report());
  }

  @Test
  void theRateIsKeptAndIsZeroWhereItIsMissing() {
    var atRate = Reports.atRate(report(), 12.5);
    var json = ReportJson.of(atRate);
    assertThat(ReportJson.parse(json)).isEqualTo(atRate);
    assertThat(ReportJson.parse(json.replace("\"rate\": 12.5,", ""))).isEqualTo(report());
    assertThat(ReportCsv.of(atRate)).contains(",12.5,jobs,10,");
    assertThat(ReportCsv.of(report())).contains(",0,jobs,10,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"wall_seconds\": 2|\"was_seconds\": 2|points[0].models[0].repetitions[0].wall_seconds is missing",
        "\"workers\": 8|\"workers\": \"8\"|workers is not a number",
        "\"workers\": 8|\"workers\": 8.5|workers is not a whole number",
        "\"workers\": 8|\"workers\": null|workers is not a number",
        "\"process-pool\"|\"fibers\"|points[0].models[1].model is not one that this Segue knows: 'fibers'",
        "\"2026-01-31T12:00:00Z\"|\"noon\"|at is not a time such as",
        "\"complete\": true|\"complete\": 1|complete is not true or false",
        "\"jobs\": {|\"jobs\": 3, \"x\": {|points[0].jobs is not an object",
      })
  void whatIsDamagedIsNamedWithItsPlace(String from, String to, String message) {
    var broken = ReportJson.of(report()).replace(from, to);
    assertThatThrownBy(() -> ReportJson.parse(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is damaged: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{}", "\"x\"", "{\"format\": 1}", "{\"format\": {}}"})
  void whatIsNoReportIsSaidToBeNone(String json) throws IOException {
    var file = Files.writeString(folder.resolve("x.json"), json);
    assertThatThrownBy(() -> ReportJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is no report of 'segue compare': ");
  }

  @Test
  void binaryIsNoReport() throws IOException {
    var file = Files.write(folder.resolve("x.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ReportJson.read(file)).hasMessageContaining("it is not text");
  }

  @Test
  void eachCutIsNoticed() {
    var whole = ReportJson.of(report()).strip();
    for (int end = 0; end < whole.length(); end += 7) {
      var cut = whole.substring(0, end);
      assertThatThrownBy(() -> ReportJson.parse(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aLaterVersionIsRefused() {
    var later = ReportJson.of(report()).replace("\"version\": 1", "\"version\": 2");
    assertThatThrownBy(() -> ReportJson.parse(later))
        .hasMessage("was written by a later Segue: its version is 2, and this Segue reads up to 1");
  }

  @Test
  void csvHasALineForEachRepetition() throws IOException {
    var file = folder.resolve("report.csv");
    ReportCsv.write(report(), file);
    var lines = Files.readString(file).split("\r\n");
    assertThat(lines).hasSize(1 + 5 + 1);
    assertThat(lines[0]).startsWith("workload,parameters,workers,rate,swept,value,model,wrong,");
    assertThat(lines[1])
        .isEqualTo(
            "dev.example.Fetch,jobs=100 length=20ms,8,0,jobs,10,sync,,0.080000000,1,2.000123456,"
                + "0.040002469,1.000061728,1.800111110,2.000123456,20,60000000");
    assertThat(lines[6])
        .isEqualTo(
            "dev.example.Fetch,jobs=100 length=20ms,8,0,jobs,10,process-pool,not-serializable,"
                + "0.000000001,,,,,,,,");
  }

  @Test
  void csvQuotesWhatHasACommaAQuoteOrALine() {
    var csv = ReportCsv.of(Reports.report("a,\"b\"\nc", Reports.of(null).with(SYNC, 1).point()));
    assertThat(csv).contains("\r\n\"a,\"\"b\"\"\nc\",");
  }
}

package dev.segue.compare;

import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {
  @TempDir Path folder;

  @Test
  void itIsOneFileThatLoadsNothing() throws IOException {
    var file = folder.resolve("page.html");
    ComparisonPage.write(Pages.waits("Fetch"), file);
    assertThat(Files.readString(file))
        .startsWith("<!doctype html>")
        .contains("default-src 'none'")
        .doesNotContain("http:", "https:", "%STYLE%", "%BODY%", " src=", " href=");
  }

  @Test
  void thePlotHasItsLicence() throws IOException {
    assertThat(ComparisonPage.of(Pages.sweep()))
        .contains("(v1.6.30)", "The MIT License", "Permission is hereby granted")
        .doesNotContain(" src=", " href=");
  }

  @Test
  void aPageWithoutASweepHasNoScript() throws IOException {
    assertThat(ComparisonPage.of(Reports.of(WAITS).with(SYNC, 3).report()))
        .doesNotContain("<script", "uPlot", "<iframe");
  }

  @Test
  void aComparisonThatWasEndedEarlySaysSo() throws IOException {
    var whole = Reports.of(WAITS).with(SYNC, 3).report();
    var early =
        new Report(
            whole.workload(),
            whole.parameters(),
            1,
            0,
            whole.at(),
            whole.machine(),
            false,
            whole.points());
    assertThat(ComparisonPage.of(whole)).doesNotContain("ended early");
    assertThat(ComparisonPage.of(early)).contains("ended early", "1 worker ");
  }

  @Test
  void theHeadNamesTheRate() throws IOException {
    var report = Reports.of(WAITS).with(SYNC, 3).report();
    assertThat(ComparisonPage.of(Reports.atRate(report, 2_000)))
        .contains(" · 2000 jobs a second ·");
    assertThat(ComparisonPage.of(report)).doesNotContain("a second ·");
  }

  @Test
  void nothingMeasuredIsAPage() throws IOException {
    assertThat(ComparisonPage.of(Reports.report())).contains("Nothing was measured.");
    assertThat(ComparisonPage.of(Reports.of(null).report())).contains("Nothing was measured.");
  }

  @Test
  void timesOfZeroAreShown() throws IOException {
    var page = ComparisonPage.of(Reports.of(WAITS).with(SYNC, 0, 0, 0).with(THREADS, 0).report());
    assertThat(page).contains("<b>0</b>").doesNotContain("NaN", "Infinity");
  }

  @Test
  void aDamagedRecordingIsAnError() {
    var report = Reports.of(WAITS).with(SYNC, 3).recorded(SYNC, new byte[3]).report();
    assertThatThrownBy(() -> ComparisonPage.of(report)).isInstanceOf(IOException.class);
  }

  @Test
  void aFindingOfASweepSaysAtWhichValue() throws IOException {
    var one = Reports.of(WAITS).with(SYNC, 3).at("jobs", "1");
    var two =
        Reports.of(WAITS)
            .with(SYNC, 3)
            .found(THREADS, Finding.Kind.JVM_ENDED, null)
            .at("jobs", "2");
    assertThat(ComparisonPage.of(Reports.report(one, two)))
        .contains("<b>A thread for each job at jobs = 2, JVM ended:</b>");
  }
}

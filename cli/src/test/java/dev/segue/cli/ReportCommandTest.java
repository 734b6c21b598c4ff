package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;
import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.Recording;
import dev.segue.inspect.RecordingFile;
import dev.segue.inspect.StallRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir Path folder;
  private Path file;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void record() throws IOException {
    file = folder.resolve("out.segue");
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().name("web").instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> Async.createTask("load", () -> Async.sleep(Duration.ofMillis(1))).await());
    }
    RecordingFile.write(recorder.recording(), file);
  }

  private int report(String... options) {
    var arguments = new String[options.length + 1];
    arguments[0] = "report";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Main.commandLine(new ExamplesCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void thePageLiesBesideTheRecording() {
    assertThat(report(file.toString())).isZero();
    var page = folder.resolve("out.html");
    assertThat(page).content().startsWith("<!doctype html>");
    assertThat(out.toString().strip()).isEqualTo("Wrote " + page + ".");
  }

  @Test
  void thePageMayHaveAnotherName() {
    assertThat(report(file.toString(), "-o", folder.resolve("page.html").toString())).isZero();
    assertThat(folder.resolve("page.html")).isNotEmptyFile();
    assertThat(folder.resolve("out.html")).doesNotExist();
  }

  @Test
  void aTraceIsWrittenInsteadOfThePage() {
    var trace = folder.resolve("out.pftrace");
    assertThat(report(file.toString(), "--perfetto", trace.toString())).isZero();
    assertThat(trace).isNotEmptyFile();
    assertThat(folder.resolve("out.html")).doesNotExist();
  }

  @Test
  void theStacksOfStallsAreWrittenInsteadOfThePage() throws IOException {
    var stall =
        new StallRecord(
            0,
            0,
            250_000_000,
            Stall.Cause.CPU,
            List.of(new StackTraceElement("Shop", "load", "Shop.java", 1)));
    var loop =
        new LoopRecording("web", List.of(), List.of(), List.of(stall), List.of(), List.of(), 0, 0);
    RecordingFile.write(
        new Recording(
            Instant.EPOCH,
            Duration.ofSeconds(1),
            List.of(loop),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        file);
    var stacks = folder.resolve("out.collapsed");
    assertThat(report(file.toString(), "--stacks", stacks.toString())).isZero();
    assertThat(stacks).hasContent("web;(the loop);Shop.load 250\n");
    assertThat(out.toString().strip()).isEqualTo("Wrote " + stacks + ".");
    assertThat(folder.resolve("out.html")).doesNotExist();
  }

  @Test
  void theNumbersOfEachTaskArePrintedAsJson() {
    assertThat(report(file.toString(), "--json")).isZero();
    assertThat(out.toString())
        .startsWith("{\"began\":")
        .contains("\"name\":\"web\"", "\"name\":\"load\"", "\"ending\":\"success\"");
  }

  @Test
  void twoKindsOfReportAtOnceAreRefused() {
    assertThat(report(file.toString(), "--json", "-o", "page.html")).isEqualTo(2);
    assertThat(err.toString()).contains("mutually exclusive");
  }

  @Test
  void aFileThatIsNoRecordingIsNamed() throws IOException {
    Files.writeString(file, "something else, and longer");
    assertThat(report(file.toString())).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("segue report: " + file + " is not a recording of Segue's");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(report("nothing.segue")).isEqualTo(2);
    assertThat(err.toString()).startsWith("segue report: there is no file nothing.segue");
  }

  @Test
  void aPageThatCannotBeWrittenIsNamed() {
    assertThat(report(file.toString(), "-o", folder + "/missing/page.html")).isEqualTo(1);
    assertThat(err.toString()).contains("cannot write " + folder + "/missing/page.html");
  }
}

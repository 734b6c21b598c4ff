package dev.segue.cli;

import dev.segue.inspect.CollapsedStacks;
import dev.segue.inspect.Finding;
import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.Page;
import dev.segue.inspect.Perfetto;
import dev.segue.inspect.Recording;
import dev.segue.inspect.RecordingFile;
import dev.segue.inspect.TaskRecord;
import dev.segue.inspect.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue report}. */
@Command(
    name = "report",
    header = "Makes a page, or a file for another tool, of a recording.",
    description = {
      "%nA program writes a recording with RecordingFile.write(recorder.recording(), path). The "
          + "page shows what each task did, and what stands out.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the report was written",
      "1:it cannot be written, or the file is no recording",
      "2:the command line is wrong, or there is no such file"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue report out.segue                         into out.html",
      "  segue report out.segue --perfetto out.pftrace  to be opened in Perfetto",
      "  segue report out.segue --stacks out.collapsed  for a flame graph of the stalls",
      "  segue report out.segue --json                  for programs",
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The recording, as out.segue.")
  private Path file;

  @ArgGroup private Output output = new Output();

  private static final class Output {
    @Option(
        names = {"-o", "--out"},
        paramLabel = "FILE",
        description = "The page to write. Default: the recording's name with .html.")
    private @Nullable Path page;

    @Option(
        names = "--perfetto",
        paramLabel = "FILE",
        description = "Write a trace for Perfetto instead, as out.pftrace.")
    private @Nullable Path perfetto;

    @Option(
        names = "--stacks",
        paramLabel = "FILE",
        description =
            "Write the stacks of what held a loop for 50 ms or more instead, as out.collapsed: "
                + "lines for flame graphs, in milliseconds.")
    private @Nullable Path stacks;

    @Option(names = "--json", description = "Print one JSON document instead of the page.")
    private boolean json;
  }

  @Override
  public Integer call() {
    if (Files.isDirectory(file)) {
      throw new ParameterException(spec.commandLine(), file + " is a folder");
    } else if (Files.notExists(file)) {
      throw new ParameterException(spec.commandLine(), "there is no file " + file);
    }
    Recording recording;
    try {
      recording = RecordingFile.read(file);
    } catch (IOException e) {
      return fail(e.getMessage());
    }
    var out = spec.commandLine().getOut();
    if (output.json) {
      out.println(json(recording));
      out.flush();
      return ExitCode.OK;
    }
    var target = target();
    try {
      if (output.perfetto != null) {
        Perfetto.write(recording, target);
      } else if (output.stacks != null) {
        CollapsedStacks.write(recording, target);
      } else {
        Page.write(recording, target);
      }
    } catch (IOException e) {
      return fail("cannot write " + target + ": " + e);
    }
    out.println("Wrote " + target + ".");
    out.flush();
    return ExitCode.OK;
  }

  private Path target() {
    if (output.perfetto != null) {
      return output.perfetto;
    } else if (output.stacks != null) {
      return output.stacks;
    } else if (output.page != null) {
      return output.page;
    }
    var name = file.getFileName().toString();
    var stem = name.endsWith(".segue") ? name.substring(0, name.length() - 6) : name;
    return file.resolveSibling(stem + ".html");
  }

  private int fail(@Nullable String message) {
    spec.commandLine().getErr().println("segue report: " + message);
    return ExitCode.SOFTWARE;
  }

  // --- JSON; times in seconds

  private static String json(Recording recording) {
    var report = new LinkedHashMap<String, Object>();
    report.put("began", recording.began().toString());
    report.put("length", seconds(recording.length()));
    report.put("findings", recording.findings().stream().map(ReportCommand::finding).toList());
    report.put("loops", recording.loops().stream().map(ReportCommand::loop).toList());
    return Json.of(report);
  }

  private static Map<String, Object> finding(Finding finding) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("title", finding.title());
    entry.put("advice", finding.advice());
    entry.put("loop", finding.loop());
    entry.put("task", finding.task());
    entry.put("from", seconds(Duration.ofNanos(finding.from())));
    entry.put("to", seconds(Duration.ofNanos(finding.to())));
    return entry;
  }

  private static Map<String, Object> loop(LoopRecording loop) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("name", loop.name());
    entry.put("lostEvents", loop.lostEvents());
    entry.put("lostTasks", loop.lostTasks());
    entry.put("tasks", loop.tasks().stream().map(ReportCommand::task).toList());
    return entry;
  }

  private static Map<String, Object> task(TaskRecord task) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("id", task.id());
    entry.put("name", task.name());
    entry.put("parent", task.parent());
    entry.put("created", seconds(task.created()));
    entry.put("ending", task.ending().name().toLowerCase(Locale.ROOT));
    entry.put("ended", seconds(task.ended()));
    entry.put("steps", task.steps());
    entry.put("running", seconds(task.running()));
    entry.put("ready", seconds(task.ready()));
    entry.put("waiting", seconds(task.waiting()));
    entry.put("longestStep", seconds(task.longestStep()));
    return entry;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}

package dev.segue.cli;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.EventLoop.Engine;
import dev.segue.inspect.Recorder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue record}. */
@Command(
    name = "record",
    header = "Records what the tasks of a running program do, and writes a page that shows it.",
    description = {
      "%nThe program need not be set up for it, nor have the recorder: this command brings its own. "
          + "It costs the program a reading of the clock for each switch from task to task. Ctrl-C "
          + "ends the recording early.%n"
    },
    footer = {
      "  segue record 4711                        for 10 s, into segue-4711.html",
      "  segue record 4711 500ms --out slow.html",
    })
final class RecordCommand implements Callable<Integer> {
  private static final long MILLIS_BETWEEN_LOOKS = 100;

  /** The process makes the page, which may have a million rows. */
  private static final long PATIENCE_FOR_PAGE_NANOS = 60_000_000_000L;

  @Spec private CommandSpec spec;
  @Mixin private LookOptions look;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = LookOptions.Time.class,
      description = "For how long, as 500ms, 10s or 2m. Default: 10s.")
  private Duration time;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page to write. Default: segue-PID.html.")
  private @Nullable Path out;

  private final CountDownLatch interrupted = new CountDownLatch(1);

  @Override
  public Integer call() throws Exception {
    var file = out == null ? Path.of("segue-" + look.pid() + ".html") : out;
    var folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new ParameterException(spec.commandLine(), file + " is a folder");
    } else if (folder == null || !Files.isWritable(folder)) {
      throw new ParameterException(spec.commandLine(), "cannot write to the folder " + folder);
    }
    return EventLoop.builder()
        .engine(Engine.PORTABLE)
        .handleSignals(_ -> interrupted.countDown())
        .build()
        .run(() -> Async.toThread(() -> look.talk(talks -> record(talks, file))));
  }

  private int record(List<Conversation> conversations, Path file)
      throws IOException, Unreachable, InterruptedException {
    int loops = 0;
    for (var conversation : conversations) {
      conversation.say("record", recorder());
      loops += Integer.parseInt(conversation.read().get(1));
    }
    print(
        "Recording %s of process %d for %s; Ctrl-C ends it early."
            .formatted(
                loops == 1 ? "1 loop" : loops + " loops", look.pid(), Texts.time(time.toNanos())));
    waitForEnd();
    for (int i = 0; i < conversations.size(); i++) {
      write(conversations.get(i), i == 0 ? file : numbered(file, i + 1));
    }
    return ExitCode.OK;
  }

  private void waitForEnd() throws Unreachable, InterruptedException {
    var target = new JavaProcess(look.pid());
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      long pause = Math.min(left, TimeUnit.MILLISECONDS.toNanos(MILLIS_BETWEEN_LOOKS));
      if (interrupted.await(pause, TimeUnit.NANOSECONDS)) {
        return;
      }
      target.checkGoesOn();
    }
  }

  private void write(Conversation conversation, Path file) throws IOException, Unreachable {
    conversation.say("stop");
    conversation.setPatience(PATIENCE_FOR_PAGE_NANOS);
    var loops = "";
    var leftOut = "";
    for (var line = conversation.read(); ; line = conversation.read()) {
      switch (line.getFirst()) {
        case "loops" -> {
          loops = line.get(1).equals("1") ? "1 loop" : line.get(1) + " loops";
          leftOut = line.get(2).equals("0") ? "" : "; " + line.get(2) + " more had no room";
        }
        case "page" -> Files.write(file, Base64.getDecoder().decode(line.get(1)));
        case "end" -> {
          print("Wrote " + file + ": " + loops + leftOut + ".");
          return;
        }
        default -> {} // of a later version
      }
    }
  }

  /** What a second class loader's page is called: out-2.html. */
  private static Path numbered(Path file, int number) {
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot < 0 ? name.length() : dot;
    return file.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
  }

  /** Where this program has its recorder from. */
  private static String recorder() throws IOException {
    try {
      return Path.of(Recorder.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath()
          .toString();
    } catch (URISyntaxException e) {
      throw new IOException("the recorder cannot be found", e);
    }
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}

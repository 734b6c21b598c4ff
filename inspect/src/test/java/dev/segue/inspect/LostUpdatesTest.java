package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import traps.Updates;

/** Each lost update of a program that knows nothing of recorders is found, and nothing else. */
@Timeout(60)
class LostUpdatesTest {
  private static final Path SOURCE = Path.of("src/test/java/traps/Updates.java");

  private final Recorder recorder = new Recorder();

  /** Defines the program's classes anew, as the recorder has them. */
  private static final class Watching extends ClassLoader {
    private final Recorder recorder;

    Watching(Recorder recorder) {
      super(Updates.class.getClassLoader());
      this.recorder = recorder;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      return name.startsWith(Updates.class.getName())
          ? define(name)
          : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) {
      var known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        var watched = recorder.watched(in.readAllBytes(), this);
        return defineClass(name, watched, 0, watched.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Object run(String program) throws Exception {
    Supplier<Instrument> recorded = recorder::forNewLoop;
    EventLoop.addInstruments(recorded);
    try {
      var type = new Watching(recorder).loadClass(Updates.class.getName());
      return type.getMethod(program).invoke(type.getConstructor().newInstance());
    } finally {
      EventLoop.removeInstruments(recorded);
    }
  }

  private List<Finding> found() {
    return recorder.recording().findings().stream()
        .filter(finding -> finding.lint() == Lint.LOST_UPDATE)
        .toList();
  }

  private static int line(String comment) throws IOException {
    var lines = Files.readAllLines(SOURCE);
    return 1
        + IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).endsWith("// " + comment))
            .findFirst()
            .orElseThrow();
  }

  private void check(String read, String write) throws IOException {
    var finding = found();
    assertThat(finding).hasSize(1);
    assertThat(finding.getFirst().where().getLineNumber()).isEqualTo(line(write));
    var update = recorder.recording().lostUpdates().getFirst();
    assertThat(update.read().where().getLineNumber()).isEqualTo(line(read));
    assertThat(update.overwritten().where().getLineNumber()).isEqualTo(line(write));
    assertThat(update.write().where().getLineNumber()).isEqualTo(line(write));
    assertThat(update.read().who()).isEqualTo(update.write().who()).isIn("one", "other");
    assertThat(update.overwritten().who()).isNotEqualTo(update.write().who());
    assertThat(update.read().at()).isBetween(0L, update.overwritten().at());
    assertThat(update.overwritten().at()).isLessThanOrEqualTo(update.write().at());
  }

  @Test
  void ofTwoThreadsThatReadBeforeEitherWrites() throws Exception {
    run("threads");
    check("READ BY THREAD", "WRITTEN BY THREAD");
    var finding = found().getFirst();
    assertThat(finding.title())
        .matches(
            "The update of Updates\\.value by '(one|other)' was lost: '(one|other)' overwrote it"
                + " \\(Updates\\.java:\\d+\\)\\.");
    assertThat(finding.advice()).contains(" read the old value (Updates.java:", "a lock");
    assertThat(finding.loop()).isEqualTo(-1);
  }

  @Test
  void ofTwoTasksOfWhichOneWaitsBetweenReadingAndWriting() throws Exception {
    run("tasks");
    check("READ BY TASK", "WRITTEN BY TASK");
    var finding = found().getFirst();
    assertThat(finding.advice()).contains("do not wait between reading and writing");
    assertThat(finding.loop()).isZero();
    var task = recorder.recording().lostUpdates().getFirst().write();
    assertThat(finding.task()).isEqualTo(task.task()).isPositive();
  }

  @Test
  void throughGetterAndSetter() throws Exception {
    run("accessors");
    check("READ BY GETTER", "WRITTEN BY SETTER");
    assertThat(found().getFirst().title()).contains("Account.balance");
  }

  @Test
  void ofAFlagThatIsCheckedAndThenSet() throws Exception {
    run("threadsThatCheckAndSet");
    check("CHECKED", "SET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "threadsWithALock",
        "threadsThatReadAgain",
        "threadsWithAnObjectEach",
        "threadsThatOnlySet",
        "tasksThatDoNotWait",
        "tasksWithALock"
      })
  void notWhereNoneIsLost(String program) throws Exception {
    run(program);
    assertThat(found()).isEmpty();
  }

  @Test
  void ofFieldsOfEveryKindWhichKeepTheirValues() throws Exception {
    var values = run("everyKind").toString();
    assertThat(values).isEqualTo("11 1.5 1 xy -1");
    assertThat(recorder.recording().lostUpdates())
        .extracting(LostUpdate::field)
        .contains("Updates.wide", "Updates.real", "Updates.text", "Updates.shared");
  }

  @Test
  void andAreKeptInAFile(@TempDir Path folder) throws Exception {
    run("threads");
    var recording = recorder.recording();
    RecordingFile.write(recording, folder.resolve("out.segue"));
    assertThat(RecordingFile.read(folder.resolve("out.segue"))).isEqualTo(recording);
  }

  // --- bounds

  private static final String LINE = "Type/method/1/Type.java";

  private final AccessLog log = new AccessLog(0);

  private void writeElsewhere(Object owner, String field) throws InterruptedException {
    Thread.ofPlatform().start(() -> log.write(owner, field, LINE, false)).join();
  }

  private int lost() {
    return log.lostUpdates(_ -> -1).stream().mapToInt(LostUpdate::count).sum();
  }

  @Test
  void alikeOnesAreCounted() throws Exception {
    for (int i = 0; i < 3; i++) {
      log.read(this, "Type.field", LINE);
      writeElsewhere(this, "Type.field");
      log.write(this, "Type.field", LINE, false);
    }
    assertThat(log.lostUpdates(_ -> -1)).hasSize(1);
    assertThat(lost()).isEqualTo(3);
  }

  @Test
  void whatWasUsedLongAgoIsForgotten() throws Exception {
    for (int others : List.of(1_000, 10_000)) {
      log.read(this, "Type.field", LINE);
      for (int i = 0; i < others; i++) {
        log.read(new Object(), "Type.field", LINE);
      }
      writeElsewhere(this, "Type.field");
      log.write(this, "Type.field", LINE, false);
      assertThat(lost()).isEqualTo(1);
    }
  }

  @Test
  void atMost256KindsAreKept() throws Exception {
    for (int i = 0; i < 300; i++) {
      log.read(null, "Type.field" + i, LINE);
      writeElsewhere(null, "Type.field" + i);
      log.write(null, "Type.field" + i, LINE, false);
    }
    assertThat(lost()).isEqualTo(256);
  }

  // --- classes

  @Test
  void aClassWithoutFieldsStaysAsItIs() throws IOException {
    byte[] file;
    try (var in = getClass().getResourceAsStream("/traps/Traps$Program.class")) {
      file = in.readAllBytes();
    }
    assertThat(recorder.watched(file, getClass().getClassLoader())).isSameAs(file);
  }

  @Test
  void whatIsNoClassIsRefused() {
    assertThatThrownBy(() -> recorder.watched(new byte[10], getClass().getClassLoader()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

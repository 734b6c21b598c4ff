package dev.segue.inspect;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerfettoTest {
  @TempDir Path folder;

  /** One field of a message: a number, or the bytes of a text or a message. */
  private record Field(int number, long value, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static List<Field> fields(byte[] message) {
    var fields = new ArrayList<Field>();
    var in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >>> 3);
      switch ((int) key & 7) {
        case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
        case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case 2 -> {
          var bytes = new byte[(int) varint(in)];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        default -> throw new AssertionError("a wire type that nobody wrote: " + key);
      }
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 127L) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static Field only(List<Field> fields, int number) {
    return fields.stream().filter(field -> field.number() == number).findFirst().orElseThrow();
  }

  private static boolean has(List<Field> fields, int number) {
    return fields.stream().anyMatch(field -> field.number() == number);
  }

  /** The packets that have a field, which is a message. */
  private static List<List<Field>> packetsWith(List<List<Field>> packets, int field) {
    return packets.stream().filter(packet -> has(packet, field)).toList();
  }

  private static Span span(long task, State state, long from, long to, long waker) {
    return new Span(
        task,
        state,
        from,
        to,
        state == State.WAITING ? Waiting.Kind.LOCK : null,
        state == State.WAITING ? 2 : 0,
        state == State.WAITING ? null : Wake.TASK,
        waker);
  }

  private static TaskRecord task(long id, String name) {
    var zero = Duration.ZERO;
    return new TaskRecord(
        id, name, 0, zero, Ending.SUCCESS, zero, 1, zero, zero, zero, zero, 0, null, null, null);
  }

  /** Task 1 runs from 0 to 300, and at 250 wakes task 2, which has waited since 100. */
  private List<List<Field>> packets() throws IOException {
    var loop =
        new LoopRecording(
            "main",
            List.of(task(1, "worker"), task(2, "worker")),
            List.of(
                span(2, State.WAITING, 100, 250, 0),
                span(1, State.RUNNING, 0, 300, 0),
                span(2, State.READY, 250, 300, 1),
                span(2, State.RUNNING, 300, 400, 1)),
            List.of(),
            List.of(),
            List.of(),
            0,
            0);
    var recording =
        new Recording(
            Instant.ofEpochSecond(1, 5),
            Duration.ofNanos(400),
            List.of(loop),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return packets(recording);
  }

  private List<List<Field>> packets(Recording recording) throws IOException {
    var file = folder.resolve("out.pftrace");
    Perfetto.write(recording, file);
    var keep = System.getProperty("segue.pftrace");
    if (keep != null) {
      Files.copy(file, Path.of(keep), StandardCopyOption.REPLACE_EXISTING);
    }
    return fields(Files.readAllBytes(file)).stream().map(packet -> fields(packet.bytes())).toList();
  }

  @Test
  void eachTaskHasATrackOfItsOwnBelowItsLoop() throws IOException {
    var tracks =
        packetsWith(packets(), 60).stream()
            .map(packet -> fields(only(packet, 60).bytes()))
            .toList();
    var named = tracks.stream().filter(track -> has(track, 2)).toList();
    assertThat(named.stream().map(track -> only(track, 2).text()))
        .containsExactly("loop main", "worker #1", "worker #2");
    long loop = only(named.getFirst(), 1).value();
    assertThat(named.subList(1, 3).stream().map(track -> only(track, 5).value()))
        .containsExactly(loop, loop);
  }

  @Test
  void eachSpanBeginsAndEndsOnItsTrackInTheOrderOfTime() throws IOException {
    var packets = packets();
    var names =
        packetsWith(packets, 12).stream()
            .map(packet -> fields(only(fields(only(packet, 12).bytes()), 2).bytes()))
            .collect(toMap(entry -> only(entry, 1).value(), entry -> only(entry, 2).text()));
    assertThat(names).isEqualTo(Map.of(1L, "runs", 2L, "waits for lock 2", 3L, "ready"));
    var events =
        packetsWith(packets, 11).stream()
            .map(packet -> {
              var event = fields(only(packet, 11).bytes());
              return only(packet, 8).value()
                  + (only(event, 9).value() == 1
                      ? " begins " + names.get(only(event, 10).value())
                      : " ends");
            });
    assertThat(events)
        .containsExactly(
            "0 begins runs",
            "300 ends",
            "100 begins waits for lock 2",
            "250 ends",
            "250 begins ready",
            "300 ends",
            "300 begins runs",
            "400 ends");
  }

  @Test
  void anArrowLeadsFromTheStepThatWokeToTheTaskThatWasWoken() throws IOException {
    var withFlow =
        packetsWith(packets(), 11).stream()
            .filter(packet -> has(fields(only(packet, 11).bytes()), 47))
            .toList();
    assertThat(withFlow.stream().map(packet -> only(packet, 8).value())).containsExactly(0L, 250L);
    assertThat(
            withFlow.stream()
                .map(packet -> only(fields(only(packet, 11).bytes()), 47).value())
                .distinct())
        .hasSize(1);
  }

  // --- beside loops

  private static Recording beside(
      List<PoolRecording> pools, List<ThreadRecording> threads, List<Mark> marks) {
    var loop =
        new LoopRecording(
            "main",
            List.of(task(1, "worker")),
            List.of(span(1, State.RUNNING, 0, 300, 0)),
            List.of(),
            List.of(),
            List.of(),
            0,
            0);
    return new Recording(
        Instant.EPOCH, Duration.ofNanos(900), List.of(loop), pools, threads, marks, List.of());
  }

  /** A line for each event: its track, with those above it, its time and what it is. */
  private List<String> events(Recording recording) throws IOException {
    var packets = packets(recording);
    var tracks = new HashMap<Long, String>();
    for (var packet : packetsWith(packets, 60)) {
      var track = fields(only(packet, 60).bytes());
      if (has(track, 2)) {
        var above = tracks.get(only(track, 5).value());
        tracks.put(
            only(track, 1).value(), (above == null ? "" : above + "/") + only(track, 2).text());
      }
    }
    var names =
        packetsWith(packets, 12).stream()
            .map(packet -> fields(only(fields(only(packet, 12).bytes()), 2).bytes()))
            .collect(toMap(entry -> only(entry, 1).value(), entry -> only(entry, 2).text()));
    return packetsWith(packets, 11).stream()
        .map(packet -> {
          var event = fields(only(packet, 11).bytes());
          var what =
              switch ((int) only(event, 9).value()) {
                case 1 -> "begins " + names.get(only(event, 10).value());
                case 2 -> "ends";
                case 3 -> "says " + names.get(only(event, 10).value());
                default -> throw new AssertionError("an event that nobody wrote");
              };
          return tracks.get(only(event, 11).value()) + ": " + only(packet, 8).value() + " " + what;
        })
        .toList();
  }

  @Test
  void aWorkerOfAPoolHasATrackWithItsTasksOneAfterTheOther() throws IOException {
    var pool =
        new PoolRecording(
            "photos",
            List.of(
                new PoolTaskRecord(1, "scale", "main", 0, 10, 500, "w-1", Ending.SUCCESS),
                new PoolTaskRecord(2, "", "main", 0, 20, 700, "w-1", Ending.FAILURE), // ahead
                new PoolTaskRecord(3, "late", "main", 0, 650, -1, "w-1", Ending.NONE),
                new PoolTaskRecord(4, "queued", "main", 0, -1, -1, "", Ending.NONE)),
            List.of(new WorkerRecord("w-1", 5, -1), new WorkerRecord("w-2", 5, -1)),
            0);
    assertThat(events(beside(List.of(pool), List.of(), List.of())))
        .containsSubsequence(
            "pool photos/w-1: 10 begins scale",
            "pool photos/w-1: 500 ends",
            "pool photos/w-1: 500 begins task 2",
            "pool photos/w-1: 700 ends",
            "pool photos/w-1: 700 begins late",
            "pool photos/w-1: 900 ends")
        .hasSize(2 + 6);
  }

  private static ThreadRecording thread(String group, long id, long from, long to) {
    return new ThreadRecording(
        group,
        "reader",
        id,
        List.of(
            new ThreadRecording.Period(State.WAITING, from, to - 50, "in Thread.sleep"),
            new ThreadRecording.Period(State.RUNNING, to - 50, to, "")));
  }

  @Test
  void aThreadHasATrackBelowItsGroup() throws IOException {
    assertThat(events(beside(List.of(), List.of(thread("race", 7, 100, 300)), List.of())))
        .containsSubsequence(
            "threads of race/reader #7: 100 begins waits in Thread.sleep",
            "threads of race/reader #7: 250 ends",
            "threads of race/reader #7: 250 begins runs",
            "threads of race/reader #7: 300 ends");
  }

  @Test
  void aMarkIsOnTheTrackOfTheTaskOrThreadThatSaidIt() throws IOException {
    var threads = List.of(thread("first", 7, 0, 200), thread("second", 7, 300, 500));
    var marks =
        List.of(
            new Mark(100, "in a task", 40, 0, 1),
            new Mark(400, "in a thread", 7, null, 0),
            new Mark(800, "elsewhere", 7, null, 0));
    assertThat(events(beside(List.of(), threads, marks)))
        .contains(
            "loop main/worker #1: 100 says in a task",
            "threads of second/reader #7: 400 says in a thread",
            "marks: 800 says elsewhere");
  }

  @Test
  void itSaysWhichTimeOfDayTheBeginningWas() throws IOException {
    var snapshot = fields(only(packetsWith(packets(), 6).getFirst(), 6).bytes());
    var clocks =
        snapshot.stream()
            .filter(field -> field.number() == 1)
            .map(field -> fields(field.bytes()))
            .map(clock -> only(clock, 1).value() + "=" + only(clock, 2).value());
    assertThat(clocks).containsExactly("6=0", "1=1000000005");
  }
}

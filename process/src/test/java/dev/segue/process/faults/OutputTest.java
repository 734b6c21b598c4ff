package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks that print a lot or badly, and where their output goes. */
@Timeout(180)
class OutputTest extends WithPools {
  @Test
  void eachLineComesWithTheNameOfItsWorker() throws Exception {
    var out = new Lines();
    var errors = new Lines();
    var pool = pool(quiet(1).outputTo(out, errors));

    var future = pool.submit(OutputTest::greet);
    Await.result(future);

    var name = pool.workers().getFirst().name();
    Await.until("both lines have come", () -> out.all().size() + errors.all().size() == 2);
    assertThat(out.all()).containsExactly(name + ": häl\u00adlo 世界");
    assertThat(errors.all()).containsExactly(name + ": oh");
  }

  private static void greet() {
    System.out.println("häl\u00adlo 世界");
    System.err.println("oh");
  }

  @Test
  void hundredMegabytesArriveComplete() throws Exception {
    var seen = new Checksum();
    var pool = pool(quiet(1).outputTo(seen, new Lines()));
    long bytes = 100_000_000;

    long sum = Await.result(pool.submit(() -> print(bytes)));

    Await.until("all has come", () -> seen.bytes() >= bytes);
    assertThat(seen.bytes()).isEqualTo(bytes);
    assertThat(seen.value()).isEqualTo(sum);
    assertThat(seen.prefixes()).containsExactly(pool.workers().getFirst().name() + ": ");
  }

  private static long print(long bytes) throws IOException {
    var sum = new CRC32();
    var block = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      block.append("%099d\n".formatted(i));
    }
    var printed = block.toString().getBytes(StandardCharsets.US_ASCII);
    try (var out = new FileOutputStream(FileDescriptor.out)) {
      for (long count = 0; count < bytes; count += printed.length) {
        out.write(printed);
        sum.update(printed);
      }
    }
    return sum.getValue();
  }

  /** Sums up the lines of 100 bytes that one worker prints. */
  private static final class Checksum implements Appendable {
    private final CRC32 sum = new CRC32();
    private final Set<String> prefixes = new HashSet<>();
    private final StringBuilder line = new StringBuilder();
    private long bytes;

    @Override
    public synchronized Appendable append(CharSequence text) {
      line.append(text);
      if (!line.isEmpty() && line.charAt(line.length() - 1) == '\n') {
        int start = line.indexOf(": ") + 2;
        prefixes.add(line.substring(0, start));
        var printed = line.substring(start).getBytes(StandardCharsets.US_ASCII);
        sum.update(printed);
        bytes += printed.length;
        line.setLength(0);
      }
      return this;
    }

    @Override
    public synchronized Appendable append(CharSequence text, int start, int end) {
      return append(text.subSequence(start, end));
    }

    @Override
    public synchronized Appendable append(char c) {
      return append(Character.toString(c));
    }

    synchronized long bytes() {
      return bytes;
    }

    synchronized long value() {
      return sum.getValue();
    }

    synchronized Set<String> prefixes() {
      return Set.copyOf(prefixes);
    }
  }

  @Test
  void aLineWithoutEndComesWhenTheWorkerEnds() throws Exception {
    var out = new Lines();
    var pool = pool(quiet(1).outputTo(out, new Lines()));

    Await.result(pool.submit(() -> System.out.print("no end")));
    pool.close();

    Await.until("it has come", () -> !out.all().isEmpty());
    assertThat(out.all()).singleElement().asString().endsWith(": no end");
  }

  @Test
  void aLineOfMegabytesComesInPieces() throws Exception {
    var out = new Lines();
    var pool = pool(quiet(1).outputTo(out, new Lines()));
    int length = 3_000_000;

    Await.result(pool.submit(() -> System.out.print("x".repeat(length))));
    pool.close();

    Await.until("all has come", () -> Arrays.stream(sizes(out)).sum() >= length);
    assertThat(Arrays.stream(sizes(out))).allMatch(size -> size <= 10_000);
    assertThat(Arrays.stream(sizes(out)).sum()).isEqualTo(length);
  }

  private static int[] sizes(Lines out) {
    return out.all().stream().mapToInt(line -> line.length() - line.indexOf(": ") - 2).toArray();
  }

  @Test
  void aTaskMayCloseItsStandardStreams() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));

    Await.result(pool.submit(OutputTest::closeStreams));

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
    assertThat(Await.result(pool.submit(OutputTest::printToClosed))).isEqualTo(pid);
  }

  private static long closeStreams() throws IOException {
    System.out.close();
    System.err.close();
    System.in.close();
    return 0;
  }

  private static long printToClosed() {
    System.out.println("nobody hears");
    System.err.println("nobody hears");
    return TaskBodies.pid();
  }

  @Test
  void aWorkerThatClosedItsStreamsStillEnds() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));
    Await.result(pool.submit(OutputTest::closeStreams));

    pool.close();

    assertThat(Processes.isAlive(pid)).isFalse();
  }

  @Test
  void aTaskThatReadsStandardInputFindsItsEnd() throws Exception {
    assertThat(Await.result(pool(1).submit(() -> System.in.read()))).isEqualTo(-1);
  }

  @Test
  void whatATaskPrintsToTheRawDescriptorDoesNotReachTheProtocol() throws Exception {
    var pool = pool(1);

    Await.result(pool.submit(OutputTest::printGarbage));

    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
  }

  private static long printGarbage() throws IOException {
    try (var out = new FileOutputStream(FileDescriptor.out)) {
      out.write(new byte[100_000]);
    }
    return 0;
  }

  @Test
  void anOutputThatThrowsDoesNotDisturbTasks() throws Exception {
    var pool = pool(quiet(1).outputTo(new Broken(), new Broken()));
    long pid = Await.result(pool.submit(TaskBodies::pid));

    for (int i = 0; i < 3; i++) {
      Await.result(pool.submit(OutputTest::printMuch));
    }

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  private static void printMuch() {
    for (int i = 0; i < 10_000; i++) {
      System.out.println("a line of no use to anybody");
      System.err.println("nor this");
    }
  }

  /** An output that behaves the same whatever is printed. */
  private abstract static class Faulty implements Appendable {
    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
      return append(text);
    }

    @Override
    public Appendable append(char c) throws IOException {
      return append("");
    }
  }

  /** Throws one exception after the other. */
  private static final class Broken extends Faulty {
    private int calls;

    @Override
    public Appendable append(CharSequence text) throws IOException {
      switch (calls++ % 4) {
        case 0 -> throw new IOException("closed");
        case 1 -> throw new UncheckedIOException(new IOException("closed"));
        case 2 -> throw new StackOverflowError("closed");
        default -> throw new IllegalStateException("closed");
      }
    }
  }

  @Test
  void anOutputThatBlocksHoldsUpNeitherOtherTasksNorTheEnd() throws Exception {
    var gate = new CountDownLatch(1);
    var blocked = new Blocking(gate);
    var pool = pool(quiet(2).outputTo(blocked, new Lines()));
    try {
      pool.submit(named("printer"), OutputTest::printMuch);
      Await.until("the output blocks", blocked::isReached);

      assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
      pool.killWorkers();
      assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      gate.countDown();
    }
  }

  private static final class Blocking extends Faulty {
    private final CountDownLatch gate;
    private volatile boolean reached;

    Blocking(CountDownLatch gate) {
      this.gate = gate;
    }

    boolean isReached() {
      return reached;
    }

    @Override
    public Appendable append(CharSequence text) throws IOException {
      reached = true;
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return this;
    }
  }

  @Test
  void aChildThatHoldsTheStreamsDoesNotHoldUpThePool() throws Exception {
    var pool = pool(1);
    Await.result(pool.submit(OutputTest::startHolder));

    pool.shutdown();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  private static long startHolder() throws IOException {
    return new ProcessBuilder("sleep", "180").inheritIO().start().pid();
  }
}

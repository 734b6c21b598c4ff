package dev.segue.cli;

import dev.segue.cli.Unreachable.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one class loader of another process is asked, and answers: lines of fields, which a tab
 * separates.
 */
final class Conversation implements AutoCloseable {
  private static final String VERSION = "segue 1";

  private static final long NANOS_TO_END = 500_000_000;
  private static final long NANOS_BETWEEN_LOOKS = 2_000_000;
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private final JavaProcess target;
  private final SocketChannel channel;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // the one being read
  private List<String> before = List.of(); // the fields of the last one, as they came
  private long patience;

  private Conversation(JavaProcess target, SocketChannel channel, long patienceNanos)
      throws IOException, Unreachable {
    this.target = target;
    this.channel = channel;
    this.patience = patienceNanos;
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
    var greeting = read();
    if (!greeting.getFirst().equals(VERSION)) {
      throw notUnderstood(
          "speaks another version of Segue's protocol ("
              + Texts.printable(greeting.getFirst())
              + "); use the command of the version that it uses");
    }
  }

  /**
   * Has a process answer.
   *
   * @param attached whether it is made to by the Attach API, and not by a file that it looks for
   * @return a conversation for each class loader that has loaded Segue
   */
  static List<Conversation> begin(
      JavaProcess target, Path folder, boolean attached, long patienceNanos)
      throws IOException, Unreachable, InterruptedException {
    target.check();
    var conversations = new ArrayList<Conversation>();
    try (var letterbox = new Letterbox(target, folder, patienceNanos)) {
      var answers = attached ? AttachedAgent.ask(target, letterbox) : letterbox.ask();
      for (var answer : answers) {
        conversations.add(new Conversation(target, answer, patienceNanos));
      }
    }
    return conversations;
  }

  /** Waits for longer, or less long, for what is read. */
  void setPatience(long nanos) {
    patience = nanos;
  }

  void say(String... fields) throws IOException, Unreachable {
    var line = ByteBuffer.wrap((String.join("\t", fields) + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) { // a few bytes, for which there is room
        channel.write(line);
      }
    } catch (IOException _) {
      throw brokenOff();
    }
  }

  /**
   * Reads one line.
   *
   * @throws Unreachable if it is an error, or does not come
   */
  List<String> read() throws IOException, Unreachable {
    line.reset();
    while (true) {
      if (!buffer.hasRemaining()) {
        fill();
      }
      int from = buffer.position();
      int to = from;
      int limit = buffer.limit();
      var bytes = buffer.array();
      while (to < limit && bytes[to] != '\n') {
        to++;
      }
      line.write(bytes, from, to - from);
      if (to < limit) {
        buffer.position(to + 1);
        return fields(line.toString(StandardCharsets.UTF_8));
      }
      buffer.position(to);
    }
  }

  private List<String> fields(String line) throws Unreachable {
    var raw = new ArrayList<String>(before.size());
    int from = 0;
    for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', from)) {
      raw.add(field(line, from, tab, raw.size()));
      from = tab + 1;
    }
    raw.add(field(line, from, line.length(), raw.size()));
    before = raw;
    var fields = line.indexOf('\\') < 0 ? raw : raw.stream().map(Conversation::plain).toList();
    if (fields.getFirst().equals("error")) {
      throw notUnderstood("answers: " + Texts.printable(fields.getLast()));
    }
    return fields;
  }

  /** A field; the same object as in the line before where it has the same text, as most have. */
  private String field(String line, int from, int to, int index) {
    var same = index < before.size() ? before.get(index) : "";
    return same.length() == to - from && line.startsWith(same, from)
        ? same
        : line.substring(from, to);
  }

  private Unreachable notUnderstood(String what) {
    return new Unreachable(Reason.NOT_UNDERSTOOD, "process " + target.pid() + " " + what);
  }

  private static String plain(String field) {
    return ESCAPED
        .matcher(field)
        .replaceAll(found ->
            switch (found.group(1)) {
              case "t" -> "\t";
              case "n" -> "\n";
              case "r" -> "\r";
              default -> Matcher.quoteReplacement(found.group(1));
            });
  }

  private void fill() throws IOException, Unreachable {
    long deadline = System.nanoTime() + patience;
    while (true) {
      int read = readSome();
      if (read > 0) {
        return;
      } else if (read < 0) {
        throw brokenOff();
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new Unreachable(
            Reason.NO_ANSWER,
            "process %d has not gone on answering for %s"
                .formatted(target.pid(), Texts.time(patience)));
      }
      selector.select(Math.clamp(left / 1_000_000, 1, 100));
      selector.selectedKeys().clear();
      target.checkGoesOn();
    }
  }

  private int readSome() {
    buffer.clear();
    try {
      return channel.read(buffer);
    } catch (IOException _) {
      return -1; // as a process does that is killed
    } finally {
      buffer.flip();
    }
  }

  /** What to throw where the other side has closed: it may be about to end. */
  private Unreachable brokenOff() throws Unreachable {
    long began = System.nanoTime();
    while (System.nanoTime() - began < NANOS_TO_END) {
      target.checkGoesOn();
      LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
    }
    return notUnderstood("has broken the conversation off; its log may say why");
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}

package dev.segue.compare;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A child JVM, as its parent sees it. One thread asks; any may kill. */
final class ChildProcess {
  private static final int KEPT_LINES = 10;
  private static final int SECRET_BYTES = 16;
  private static final int LOOK_MILLIS = 100;
  private static final int END_SECONDS = 10;

  private final Process process;
  private final BlockingQueue<Message> answers = new LinkedBlockingQueue<>();
  private final Deque<String> lastLines = new ArrayDeque<>(); // guarded by itself
  private final Thread errors;
  private final Queue<ProcessHandle> killed = new ConcurrentLinkedQueue<>();
  private @Nullable ObjectOutputStream out;

  /** Starts a JVM; {@link #connect} waits until it speaks. */
  ChildProcess(List<Path> classPath, Path temporary, List<String> options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", // a cluster's library uses it
            "-XX:+ExitOnOutOfMemoryError", // a full heap is told from outside
            "-XX:+DisplayVMOutputToStderr", // what it says of that
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(options);
    command.addAll(List.of("-cp", joined(classPath), ChildMain.class.getName()));
    process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).start();
    try {
      errors = thread("errors", this::keepErrors);
    } catch (OutOfMemoryError e) { // no thread can be started
      process.destroyForcibly();
      throw e;
    }
  }

  private static String joined(List<Path> classPath) {
    var all = new ArrayList<String>();
    Stream.of("java.class.path", "jdk.module.path")
        .map(name -> System.getProperty(name, ""))
        .filter(path -> !path.isEmpty())
        .forEach(all::add);
    classPath.forEach(path -> all.add(path.toString()));
    return String.join(System.getProperty("path.separator"), all);
  }

  private static Thread thread(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name("segue-compare-" + name).start(body);
  }

  private void keepErrors() {
    try (var errors = process.errorReader(StandardCharsets.UTF_8)) {
      errors.lines().forEach(this::keep);
    } catch (IOException | UncheckedIOException _) {
      // it has ended
    }
  }

  private void keep(String line) {
    synchronized (lastLines) {
      lastLines.add(Texts.shortened(line));
      if (lastLines.size() > KEPT_LINES) {
        lastLines.remove();
      }
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Waits until the JVM has connected.
   *
   * @throws IOException if it ends instead, or takes longer than that; says what it printed
   */
  void connect(long nanos) throws IOException {
    long limit = System.nanoTime() + nanos;
    var bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    var secret = HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(LOOK_MILLIS);
      try (var input = process.getOutputStream()) {
        input.write((server.getLocalPort() + "\n").getBytes(StandardCharsets.US_ASCII));
        input.write(secret);
        input.write('\n');
      } catch (IOException _) {
        // it has ended, or is about to
      }
      while (!accept(server, secret)) {
        if (!process.isAlive()) {
          throw new IOException("it ended with exit code " + endedBy() + lines());
        } else if (System.nanoTime() > limit) {
          throw new IOException("it did not connect" + lines());
        }
      }
    }
  }

  private boolean accept(ServerSocket server, byte[] secret) throws IOException {
    Socket socket;
    try {
      socket = server.accept();
    } catch (SocketTimeoutException _) {
      return false;
    }
    try {
      socket.setSoTimeout(1_000 * END_SECONDS);
      if (!MessageDigest.isEqual(secret, socket.getInputStream().readNBytes(secret.length))) {
        socket.close();
        return false;
      }
      socket.setSoTimeout(0);
      socket.setTcpNoDelay(true);
      out = Message.out(socket);
      var in = Message.in(socket);
      var _ = thread("answers", () -> read(in));
      return true;
    } catch (IOException _) { // it has ended, or somebody else has connected
      socket.close();
      return false;
    }
  }

  private void read(ObjectInputStream in) {
    try {
      while (true) {
        answers.add((Message) in.readObject());
      }
    } catch (Throwable _) { // its end; or what it says makes no sense, and it can be of no use
      int exitCode = endedBy();
      answers.add(new Message.Ended(exitCode, lines()));
    }
  }

  /** Waits for the end, which is near, and for what it wrote last; kills it if need be. */
  private int endedBy() {
    try {
      if (!process.waitFor(END_SECONDS, SECONDS)) {
        kill();
      }
      errors.join(Duration.ofSeconds(1)); // something else may hold the stream
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  /** The last lines that it wrote to standard error, behind a colon; empty if there are none. */
  private String lines() {
    synchronized (lastLines) {
      return lastLines.isEmpty() ? "" : ": " + String.join(" / ", lastLines);
    }
  }

  /** Sends a request. If the child has ended, {@link #receive} tells. */
  void send(Message request) {
    try {
      if (out == null) {
        throw new IllegalStateException("not connected");
      }
      out.writeObject(request);
      out.reset();
      out.flush();
    } catch (IOException _) {
      // it has ended, which the reader says
    }
  }

  /** Returns the next answer; null if none comes in that time. */
  @Nullable Message receive(long nanos) throws InterruptedException {
    return answers.poll(Math.max(0, nanos), NANOSECONDS);
  }

  /** Kills it and all that it has started, and does not wait. */
  void kill() {
    process
        .descendants()
        .forEach(each -> {
          killed.add(each);
          each.destroyForcibly();
        });
    process.destroyForcibly();
  }

  /** Waits until all that were killed have ended; an interrupt does not matter. */
  void awaitEnd() {
    process.onExit().join();
    long limit = System.nanoTime() + SECONDS.toNanos(END_SECONDS); // a zombie seems to live
    while (killed.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < limit) {
      LockSupport.parkNanos(1_000_000); // the JDK's own waiting looks every second
    }
  }
}

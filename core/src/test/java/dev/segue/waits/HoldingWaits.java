package dev.segue.waits;

import static dev.segue.waits.WhatWaits.Row.holds;

import dev.segue.fixtures.ChildJvm;
import dev.segue.waits.WhatWaits.Row;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;

/** Calls that hold the loop: the JDK leaves the waiting to the operating system. */
final class HoldingWaits {
  private static final int MORE_THAN_A_PIPE_HOLDS = 1 << 20;

  static final List<Row> ROWS =
      List.of(
          holds("`FileInputStream.read` of a pipe, so `System.in`", HoldingWaits::readPipe),
          holds("`FileChannel.read` of a pipe", HoldingWaits::readPipeChannel),
          holds("`new FileInputStream` of a named pipe", HoldingWaits::openPipe),
          holds(
              "`FileOutputStream.write` to a full pipe, so `System.out`", HoldingWaits::writePipe),
          holds("`Process.getInputStream().read`", HoldingWaits::processOutput),
          holds("`ProcessBuilder.start`, again and again", HoldingWaits::processStart),
          holds("`Files.write` and `readAllBytes`, again and again", HoldingWaits::files),
          holds("`FileChannel.lock`, another process has it", HoldingWaits::fileLock),
          holds("`InetAddress.getByName`, again and again", HoldingWaits::names),
          holds("a computation that looks at `Thread.interrupted`", HoldingWaits::computing));

  private HoldingWaits() {}

  // --- pipes

  /** A named pipe, and one end of it that is open for both, so that no other open has to wait. */
  private record NamedPipe(Path path, RandomAccessFile both) {
    static NamedPipe make(Trial trial) throws Exception {
      var path = path(trial);
      return new NamedPipe(path, trial.open(new RandomAccessFile(path.toFile(), "rw")));
    }

    static Path path(Trial trial) throws Exception {
      var folder = Files.createTempDirectory("what-waits");
      var path = folder.resolve("pipe");
      if (new ProcessBuilder("mkfifo", path.toString()).start().waitFor() != 0) {
        throw new IOException("no mkfifo");
      }
      trial.open(() -> {
        Files.delete(path);
        Files.delete(folder);
      });
      return path;
    }
  }

  private static Callable<?> readPipe(Trial trial) throws Exception {
    var pipe = NamedPipe.make(trial);
    var in = trial.open(new FileInputStream(pipe.path().toFile()));
    trial.release(() -> pipe.both().write(1));
    return in::read;
  }

  private static Callable<?> readPipeChannel(Trial trial) throws Exception {
    var pipe = NamedPipe.make(trial);
    var channel = trial.open(FileChannel.open(pipe.path()));
    trial.state(() -> channel.isOpen() ? "open" : "closed");
    trial.release(() -> pipe.both().write(1));
    return () -> channel.read(ByteBuffer.allocate(1));
  }

  private static Callable<?> openPipe(Trial trial) throws Exception {
    var path = NamedPipe.path(trial);
    trial.release(() -> new FileOutputStream(path.toFile()).close());
    return () -> {
      new FileInputStream(path.toFile()).close();
      return null;
    };
  }

  private static Callable<?> writePipe(Trial trial) throws Exception {
    var pipe = NamedPipe.make(trial);
    var out = trial.open(new FileOutputStream(pipe.path().toFile()));
    trial.release(() -> pipe.both().readFully(new byte[MORE_THAN_A_PIPE_HOLDS]));
    return () -> {
      out.write(new byte[MORE_THAN_A_PIPE_HOLDS]);
      return null;
    };
  }

  // --- processes

  private static Callable<?> processOutput(Trial trial) throws IOException {
    var process =
        new ProcessBuilder("sh", "-c", "sleep " + trial.millis() / 1000.0 + "; echo").start();
    trial.open(process::destroyForcibly);
    return () -> process.getInputStream().read();
  }

  private static Callable<?> processStart(Trial trial) {
    return () -> {
      while (trial.isTimeLeft()) {
        new ProcessBuilder("true").start();
      }
      return null;
    };
  }

  // --- files

  private static Callable<?> files(Trial trial) throws IOException {
    var file = Files.createTempFile("what-waits", "");
    trial.open(() -> Files.delete(file));
    return () -> {
      while (trial.isTimeLeft()) {
        Files.write(file, new byte[1 << 20]);
        Files.readAllBytes(file);
      }
      return null;
    };
  }

  private static Callable<?> fileLock(Trial trial) throws Exception {
    var file = Files.createTempFile("what-waits", "");
    var holder = ChildJvm.of(Holder.class).arguments(file.toString()).start();
    trial.open(() -> {
      holder.close();
      Files.delete(file);
    });
    holder.await("locked");
    trial.release(holder::answer);
    var channel = trial.open(FileChannel.open(file, StandardOpenOption.WRITE));
    trial.state(() -> channel.isOpen() ? "open" : "closed");
    return channel::lock;
  }

  /** The other process: locks a file until it is answered. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        System.out.println("locked");
        ChildJvm.awaitAnswer();
      }
    }
  }

  // --- the rest

  private static Callable<?> names(Trial trial) {
    return () -> {
      for (int i = 0; trial.isTimeLeft(); i++) {
        try {
          InetAddress.getByName("segue-" + System.nanoTime() + "-" + i + ".invalid");
        } catch (UnknownHostException _) {
          // as it should be
        }
      }
      return null;
    };
  }

  private static Callable<?> computing(Trial trial) {
    return () -> {
      while (trial.isTimeLeft() && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      return null;
    };
  }
}

package dev.segue.process.faults;

import dev.segue.fixtures.ChildJvm;
import dev.segue.process.ProcessPoolExecutor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A program that uses a pool while it lacks some resource, and then gets it. */
final class StarvingProgram {
  private StarvingProgram() {}

  public static void main(String[] args) throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build()) {
      switch (args[0]) {
        case "folder" -> {
          say("first", pool);
          ChildJvm.awaitAnswer();
        }
        case "full" -> {
          var filler = fill(Path.of(System.getProperty("java.io.tmpdir")));
          say("first", pool);
          Files.delete(filler);
        }
        case "heap" -> {
          say("other", pool);
          say("first", pool.submit(() -> new byte[100_000_000]));
        }
        case "descriptors" -> {
          var hoard = new ArrayList<FileInputStream>();
          say("working", pool);
          Processes.kill(pool.workers().getFirst().pid());
          Await.until("no worker is left", () -> pool.workers().isEmpty());
          exhaustDescriptors(hoard);
          say("first", pool);
          hoard.forEach(StarvingProgram::close);
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
      say("second", pool);
    }
  }

  private static Path fill(Path folder) throws IOException {
    var filler = folder.resolve("filler");
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(new byte[512]);
      }
    } catch (IOException _) {
      return filler; // the heap is full
    }
  }

  private static void exhaustDescriptors(ArrayList<FileInputStream> hoard) {
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException _) {
      // That was the last one.
    }
  }

  private static void close(FileInputStream file) {
    try {
      file.close();
    } catch (IOException _) {
      // The JDK has closed it by mistake, when it could not start a process because there were no
      // others.
    }
  }

  private static void say(String word, ProcessPoolExecutor pool) throws InterruptedException {
    say(word, pool.submit(() -> 5));
  }

  private static void say(String word, Future<?> future) throws InterruptedException {
    try {
      System.out.println(word + " " + future.get());
    } catch (ExecutionException e) {
      System.out.println(word + " " + e.getCause().toString().replace('\n', ' '));
    }
  }
}

package dev.segue.libraries;

import dev.segue.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Servers that the tests start for themselves: in a folder of their own, on a port of their own.
 * They end with this JVM, however it ends, and leave nothing behind.
 */
final class LocalServer {
  private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));
  private static final Path DEBIANS_POSTGRES = Path.of("/usr/lib/postgresql");

  private LocalServer() {}

  /** The program of a name, where the path leads to one, or Debian's folders have one. */
  static @Nullable Path program(String name) {
    var path = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
    return Stream.concat(path, Stream.concat(Stream.of(Path.of("/usr/sbin")), postgresFolders()))
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static Stream<Path> postgresFolders() {
    try (var versions =
        Files.isDirectory(DEBIANS_POSTGRES) ? Files.list(DEBIANS_POSTGRES) : Stream.<Path>of()) {
      return versions.map(version -> version.resolve("bin")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A port for a server that is yet to be started. It is below those that the system gives to
   * clients, and to servers that take any port, so that none of them takes it in the meantime.
   */
  static int freePort() {
    var random = new Random();
    while (true) {
      try (var socket = new ServerSocket(random.nextInt(10_000, 30_000))) {
        return socket.getLocalPort();
      } catch (IOException _) {
        // it is taken
      }
    }
  }

  /** An empty folder, which a server that must not be root's may write to. */
  static Path folder(String server) throws IOException {
    var folder = Files.createTempDirectory("segue-" + server);
    if (IS_ROOT) {
      var users = folder.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(folder, users.lookupPrincipalByName("nobody"));
    }
    return folder;
  }

  /** The command that runs {@code command} as somebody who is not root. */
  static List<String> notAsRoot(String... command) {
    var all = new ArrayList<String>();
    if (IS_ROOT) {
      all.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  /** Runs a command to its end. */
  static void execute(Path folder, List<String> command) throws IOException, InterruptedException {
    var log = folder.resolve("log");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + Files.readString(log));
    }
  }

  /** Starts a server, and waits until {@code ready} does not throw. */
  static void start(Path folder, String signalToEnd, List<String> command, Action<?> ready)
      throws IOException, InterruptedException {
    // The shell ends the server when its standard input ends, as it does with this JVM, or when a
    // signal for the whole group ends cat.
    var script =
        """
        signal=$1; shift
        trap : INT TERM HUP
        "$@" >"$0/log" 2>&1 &
        cat
        kill -$signal $!
        wait
        rm -rf "$0"
        """;
    var all = new ArrayList<>(List.of("sh", "-c", script, folder.toString(), signalToEnd));
    all.addAll(command);
    new ProcessBuilder(all)
        .directory(folder.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    long start = System.nanoTime();
    while (true) {
      try {
        ready.run();
        return;
      } catch (Throwable notYet) {
        if (System.nanoTime() - start > 100_000_000_000L) {
          throw new IOException(
              command + " is not ready: " + Files.readString(folder.resolve("log")), notYet);
        }
        Thread.sleep(20);
      }
    }
  }
}

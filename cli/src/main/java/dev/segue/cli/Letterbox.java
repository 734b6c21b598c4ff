package dev.segue.cli;

import dev.segue.cli.Unreachable.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Where a process is asked to answer: a socket on which this process listens, and a file that tells
 * the other one of it, in a folder that only their user may write to. Both are gone once this is
 * closed.
 */
final class Letterbox implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** A socket or a file of ours: the process asked, the one that asks, a number. */
  private static final Pattern NAME = Pattern.compile("\\d+\\.(\\d+)-\\d+\\.(?:sock|new)");

  private static final Set<PosixFilePermission> OTHERS_WRITE =
      PosixFilePermissions.fromString("----w--w-");

  private static final long SHORT_PATIENCE_NANOS = 1_000_000_000;
  private static final long PATIENCE_FOR_OTHERS_NANOS = 600_000_000;
  private static final long MILLIS_BETWEEN_LOOKS = 20;

  private final JavaProcess target;
  private final Path folder;
  private final String name;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Selector selector;
  private final long began = System.nanoTime();
  private final long patience;

  /**
   * Begins to listen.
   *
   * @throws Unreachable if the folder is not the user's alone
   */
  Letterbox(JavaProcess target, Path folder, long patienceNanos) throws IOException, Unreachable {
    this.target = target;
    this.folder = folder;
    this.patience = patienceNanos;
    prepareFolder(folder);
    sweep();
    name =
        "%d.%d-%d"
            .formatted(target.pid(), ProcessHandle.current().pid(), NUMBERS.incrementAndGet());
    socket = folder.resolve(name + ".sock");
    selector = Selector.open();
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
    } catch (Throwable thrown) {
      close();
      throw thrown;
    }
  }

  private static void prepareFolder(Path folder) throws IOException, Unreachable {
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException _) {
      // As it mostly is.
    }
    var mine = Files.createTempFile("segue", "");
    try {
      var owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new Unreachable(Reason.FOLDER, folder + " is no folder; remove it");
      } else if (!owner.equals(Files.getOwner(mine))) {
        throw new Unreachable(
            Reason.FOLDER, folder + " belongs to " + owner.getName() + ", and so is not used");
      } else if (Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
          .anyMatch(OTHERS_WRITE::contains)) {
        throw new Unreachable(
            Reason.FOLDER,
            "others may write to %1$s, and so it is not used; 'rm -r %1$s' removes it"
                .formatted(folder));
      }
    } finally {
      Files.delete(mine);
    }
  }

  /** Removes what askers left that were killed. */
  private void sweep() throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.{sock,new}")) {
      for (var file : files) {
        var matcher = NAME.matcher(file.getFileName().toString());
        if (matcher.matches() && !JavaProcess.isAlive(Long.parseLong(matcher.group(1)))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  Path folder() {
    return folder;
  }

  String socketName() {
    return socket.getFileName().toString();
  }

  /**
   * Asks by a file that the process looks for, and waits for its answer: from each class loader
   * that has a loop.
   *
   * @throws Unreachable if there is no answer
   */
  List<SocketChannel> ask() throws IOException, Unreachable, InterruptedException {
    var fresh = folder.resolve(name + ".new");
    var request = folder.resolve(target.pid() + ".ask");
    Files.writeString(fresh, socketName());
    try {
      while (!publish(fresh, request)) {
        pause();
      }
      try {
        return answers();
      } finally {
        Files.deleteIfExists(request);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Returns whether the request is there; false as long as there is another one's. */
  private static boolean publish(Path fresh, Path request) throws IOException {
    try {
      Files.createLink(request, fresh);
      return true;
    } catch (FileAlreadyExistsException _) {
      try {
        var matcher = NAME.matcher(Files.readString(request));
        if (!matcher.matches() || !JavaProcess.isAlive(Long.parseLong(matcher.group(1)))) {
          Files.deleteIfExists(request); // an asker was killed
        }
      } catch (NoSuchFileException _) {
        // Just now.
      }
      return false;
    }
  }

  private List<SocketChannel> answers() throws IOException, Unreachable, InterruptedException {
    var answers = new ArrayList<SocketChannel>();
    answers.add(answer());
    int expected = target.watchdogs().orElse(1);
    long from = System.nanoTime();
    while (answers.size() < expected && System.nanoTime() - from < PATIENCE_FOR_OTHERS_NANOS) {
      var another = accept();
      if (another == null) {
        await();
      } else {
        answers.add(another);
      }
    }
    return answers;
  }

  /**
   * Waits for one answer.
   *
   * @throws Unreachable if there is none
   */
  SocketChannel answer() throws IOException, Unreachable, InterruptedException {
    while (true) {
      var channel = accept();
      if (channel != null) {
        return channel;
      }
      pause();
    }
  }

  private @Nullable SocketChannel accept() throws IOException {
    var channel = server.accept();
    if (channel != null) {
      var user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      if (user.equals(Files.getOwner(socket))) {
        return channel;
      }
      channel.close();
    }
    return null;
  }

  private void pause() throws IOException, Unreachable, InterruptedException {
    target.checkGoesOn();
    long waited = System.nanoTime() - began;
    if (waited > Math.min(patience, SHORT_PATIENCE_NANOS) && target.watchdogs().orElse(1) == 0) {
      throw new Unreachable(
          Reason.NO_SEGUE,
          "no event loop of Segue's runs in process "
              + target.pid()
              + (target.hasPool() ? ", only a process pool; --attach has it answer" : ""));
    } else if (waited > patience) {
      throw new Unreachable(
          Reason.NO_ANSWER,
          "process %d has not answered within %s; try --attach, or a longer --timeout"
              .formatted(target.pid(), Texts.time(patience)));
    }
    await();
  }

  /** Waits until another one wants to answer, but not for long. */
  private void await() throws IOException, InterruptedException {
    selector.select(MILLIS_BETWEEN_LOOKS);
    selector.selectedKeys().clear();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    server.close();
    Files.deleteIfExists(socket);
  }
}

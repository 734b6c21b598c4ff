package dev.segue.process;

import dev.segue.process.wire.Claims;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where one worker connects to its parent: a private folder with a socket and the file of the
 * shared memory. It is removed as soon as the worker has connected, so that nothing can be left
 * behind later.
 *
 * <p>While it exists, the parent holds a lock on a file in it. A folder whose lock is free was left
 * by a killed parent, and is removed.
 */
final class Rendezvous implements AutoCloseable {
  private static final String PREFIX = "segue-pool-";
  private static final String SOCKET = "socket";
  private static final String CLAIMS = "claims";
  private static final String LOCK = "lock";
  private static final List<String> FILES = List.of(SOCKET, CLAIMS, LOCK);

  /** The longest path of a Unix-domain socket on macOS; on Linux it is four bytes longer. */
  private static final int LONGEST_PATH = 103;

  /**
   * Starts the names of this JVM's folders, whichever class loader made them. To open and close the
   * file of such a lock would release the lock.
   */
  private static final String OURS = PREFIX + Long.toString(startOfThisJvm(), 36) + "-";

  /** Held while this JVM sweeps: two threads cannot try the same lock. */
  private static final ReentrantLock SWEEPING = new ReentrantLock();

  private final Path folder;
  private final FileChannel lock;
  private final Claims claims;
  private final ServerSocketChannel server;
  private final UserPrincipal owner;

  private Rendezvous(
      Path folder,
      FileChannel lock,
      Claims claims,
      ServerSocketChannel server,
      UserPrincipal owner) {
    this.folder = folder;
    this.lock = lock;
    this.claims = claims;
    this.server = server;
    this.owner = owner;
  }

  private static long startOfThisJvm() {
    return ProcessHandle.current().info().startInstant().orElseGet(Instant::now).toEpochMilli();
  }

  static Rendezvous create() throws IOException {
    var folder =
        Files.createTempDirectory(
            parent(),
            OURS,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel lock = null;
    ServerSocketChannel server = null;
    try {
      lock =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      var _ = lock.lock();
      var claims = Claims.create(folder.resolve(CLAIMS));
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(folder.resolve(SOCKET)));
      server.configureBlocking(false);
      return new Rendezvous(folder, lock, claims, server, Files.getOwner(folder));
    } catch (Throwable t) {
      if (server != null) {
        server.close();
      }
      delete(folder);
      if (lock != null) {
        lock.close();
      }
      throw t;
    }
  }

  /** Returns the temporary folder, or {@code /tmp} if a socket's path would be too long in it. */
  private static Path parent() throws IOException {
    var folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    int name = OURS.length() + "18446744073709551615".length();
    if (folder.resolve(SOCKET).toString().length() + name + 1 > LONGEST_PATH) {
      folder = Path.of("/tmp");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          "the temporary folder " + folder + " does not exist: create it, or set java.io.tmpdir");
    }
    return folder;
  }

  /** Returns the owner of the folder: this process's user. */
  UserPrincipal owner() {
    return owner;
  }

  Path socket() {
    return folder.resolve(SOCKET);
  }

  Path claimsFile() {
    return folder.resolve(CLAIMS);
  }

  Claims claims() {
    return claims;
  }

  ServerSocketChannel server() {
    return server;
  }

  /** Removes the folder and everything in it. */
  @Override
  public void close() throws IOException {
    server.close();
    try {
      delete(folder);
    } finally {
      lock.close();
    }
  }

  /** Removes what killed parents left behind, unless another thread is doing that. */
  static void sweep() throws IOException {
    if (!SWEEPING.tryLock()) {
      return;
    }
    try {
      var parent = parent();
      var names = parent.toFile().list();
      if (names == null) {
        throw new IOException("cannot list " + parent);
      }
      for (var name : names) {
        if (name.startsWith(PREFIX)) {
          sweep(parent.resolve(name));
        }
      }
    } finally {
      SWEEPING.unlock();
    }
  }

  private static void sweep(Path folder) {
    try {
      if (isAbandoned(folder)) {
        delete(folder);
      }
    } catch (IOException e) { // it must not keep the others from being removed
      Log.warn("cannot remove " + folder + ", which a killed pool left behind: " + e);
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    if (folder.getFileName().toString().startsWith(OURS)
        || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        || !Files.isWritable(folder)) {
      return false;
    }
    try (var channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // the pool of another class loader of this JVM sweeps, too
    } catch (NoSuchFileException _) {
      return isOld(folder);
    }
  }

  /** Whether a folder without a lock is so old that it will not get one. */
  private static boolean isOld(Path folder) throws IOException {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(folder).toMillis();
      return age > 60_000;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    for (var file : FILES) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.deleteIfExists(folder);
  }
}

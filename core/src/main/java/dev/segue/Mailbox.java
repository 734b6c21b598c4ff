package dev.segue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where another process of the same user asks this one about its tasks: a file with the name of a
 * socket, on which the asker listens and is answered. Nothing of this JVM's listens, and a look at
 * an empty mailbox is a look for a file.
 *
 * <p>The file belongs to the asker, who removes it once it has been answered: where several class
 * loaders have loaded Segue, each answers. It lies in a folder that nobody else may write to.
 * Confined to the watchdog's thread.
 */
final class Mailbox {
  /** The version of what is said, which both sides begin with. */
  static final String VERSION = "segue 1";

  private static final Set<PosixFilePermission> OTHERS_WRITE =
      PosixFilePermissions.fromString("----w--w-");

  private final Path folder;
  private final File request; // a File, whose look takes a tenth of a Path's in an idle JVM
  private boolean refused;
  private @Nullable String answered; // the last one, which may be there still

  /**
   * Makes the mailbox of a process.
   *
   * @param folder the folder of its user
   * @param pid the process
   */
  Mailbox(Path folder, long pid) {
    this.folder = folder;
    this.request = folder.resolve(pid + ".ask").toFile();
  }

  /** The mailbox of this process. */
  static Mailbox own() throws IOException {
    return new Mailbox(Path.of("/tmp", "segue-" + user()), ProcessHandle.current().pid());
  }

  /** What the name of a user's folder has: the number where the system tells, else the name. */
  private static Object user() throws IOException {
    var process = Path.of("/proc/self");
    return Files.exists(process)
        ? Files.getAttribute(process, "unix:uid")
        : System.getProperty("user.name");
  }

  /** Has a question answered, if there is a new one; returns whether there is. */
  boolean look() {
    if (refused || !request.exists()) {
      return false;
    }
    try {
      return receive();
    } catch (NoSuchFileException _) {
      return false; // the asker has given up
    } catch (IOException e) {
      return refuse(e.toString());
    }
  }

  private boolean receive() throws IOException {
    var user = owner(folder);
    if (user == null) {
      return refuse(folder + " can be written to by others");
    }
    var socket = Files.readString(request.toPath()).strip();
    if (!socket.matches("[\\w.-]+")) {
      return refuse(request + " names no socket in its folder");
    } else if (socket.equals(answered)) {
      return false;
    }
    answered = socket; // first: once is enough, also for what fails
    Inquiry.answer(folder.resolve(socket), user);
    return true;
  }

  private boolean refuse(String why) {
    refused = true;
    Log.warn("this process answers no 'segue ps': " + why, null);
    return false;
  }

  /** This process's user, if the folder belongs to that user alone, else null. */
  static @Nullable UserPrincipal owner(Path folder) throws IOException {
    var user = self();
    boolean isPrivate =
        Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)
            && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                .noneMatch(OTHERS_WRITE::contains);
    return isPrivate ? user : null;
  }

  private static UserPrincipal self() throws IOException {
    var process = Path.of("/proc/self");
    return Files.exists(process)
        ? Files.getOwner(process)
        : process
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
  }
}

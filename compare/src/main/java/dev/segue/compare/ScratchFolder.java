package dev.segue.compare;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary folder that does not outlive this JVM, not even if that is killed: a shell waits for
 * the end of its standard input, which this JVM holds open, and then deletes the folder.
 *
 * <p>May be used by any thread.
 */
public final class ScratchFolder implements AutoCloseable {
  /**
   * What still runs may write into the folder while it is deleted, so that takes some tries. A
   * Ctrl-C in the terminal is not for the shell.
   */
  private static final String DELETER =
      """
      trap '' HUP INT TERM
      cat >/dev/null
      tries=0
      until rm -rf -- "$1" || [ $((tries += 1)) -gt 50 ]; do sleep 0.1; done
      """;

  private final Path path;
  private final Process deleter;

  /**
   * Makes a folder, which only this user can look into.
   *
   * @throws IOException if it cannot be made, or no process can be started
   */
  public ScratchFolder() throws IOException {
    path = Files.createTempDirectory("segue-compare-");
    try {
      deleter =
          new ProcessBuilder("/bin/sh", "-c", DELETER, "segue-compare-deleter", path.toString())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (Throwable e) {
      Files.delete(path);
      throw e;
    }
  }

  /**
   * Returns the folder.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * Deletes the folder with everything in it, and waits until that is done; an interrupt does not
   * matter. Closing it again does nothing.
   *
   * @throws IOException if something cannot be deleted
   */
  @Override
  public void close() throws IOException {
    try {
      deleter.getOutputStream().close();
    } catch (IOException _) {
      // somebody has ended the shell: the folder is still there
    }
    deleter.onExit().join();
    if (Files.exists(path)) {
      throw new IOException("cannot delete " + path);
    }
  }
}

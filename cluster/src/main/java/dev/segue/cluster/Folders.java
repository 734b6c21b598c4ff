package dev.segue.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Deletes folders. */
final class Folders {
  private Folders() {}

  /** Deletes a folder and what is in it, while others may do the same or put more into it. */
  static void delete(Path folder) throws IOException {
    for (int attempt = 1; Files.exists(folder); attempt++) {
      try {
        deleteOnce(folder);
      } catch (IOException e) {
        if (attempt == 5) {
          throw e;
        }
      }
    }
  }

  private static void deleteOnce(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (var children = Files.newDirectoryStream(path)) {
        for (var child : children) {
          deleteOnce(child);
        }
      } catch (NoSuchFileException _) {
        return;
      }
    }
    Files.deleteIfExists(path);
  }
}

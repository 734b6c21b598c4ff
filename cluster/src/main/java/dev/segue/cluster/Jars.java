package dev.segue.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars. */
final class Jars {
  private Jars() {}

  /**
   * Makes one of the files in a folder.
   *
   * @param jar is overwritten
   * @return the jar
   */
  static Path of(Path folder, Path jar) throws IOException {
    try (var out = open(jar);
        var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
      return jar;
    }
  }

  /** Makes one of files by their names. */
  static Path of(Map<String, byte[]> files, Path jar) throws IOException {
    try (var out = open(jar)) {
      for (var file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
      }
      return jar;
    }
  }

  private static ZipOutputStream open(Path jar) throws IOException {
    var out = new ZipOutputStream(Files.newOutputStream(jar));
    out.setLevel(Deflater.BEST_SPEED);
    return out;
  }
}

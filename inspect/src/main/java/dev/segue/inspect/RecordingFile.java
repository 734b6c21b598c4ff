package dev.segue.inspect;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * A {@link Recording} in a compact file, as {@code out.segue}: about 5 bytes a span. {@code segue
 * report out.segue} makes a page of it.
 *
 * <p>The file begins with a line that names the format and its version; the rest is compressed.
 * What a later version adds, an earlier one leaves out.
 */
public final class RecordingFile {
  private static final String FORMAT = "segue recording 1\n";
  private static final String FORMAT_OF_ANY_VERSION = "segue recording ";

  private RecordingFile() {}

  /**
   * Writes a recording into a file, which is replaced.
   *
   * @param recording what to write
   * @param file the file
   * @throws IOException if that fails
   */
  public static void write(Recording recording, Path file) throws IOException {
    Objects.requireNonNull(recording, "recording must not be null");
    Objects.requireNonNull(file, "file must not be null");
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
      try (var compressed = new GZIPOutputStream(out, 1 << 16)) {
        RecordingColumns.of(recording).writeTo(compressed);
      }
    }
  }

  /**
   * Reads a recording.
   *
   * @param file a file that {@link #write} wrote
   * @return what was recorded
   * @throws IOException if the file cannot be read, is no recording, is damaged, or of a later
   *     format; the message says which
   */
  public static Recording read(Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      checkFormat(in, file);
      try (var expanded = new BufferedInputStream(new GZIPInputStream(in, 1 << 16))) {
        var columns = Columns.readFrom(expanded);
        if (expanded.read() != -1) { // which checks the sum at the end, too
          throw new IOException(file + " is damaged: it goes on behind its end");
        }
        return RecordingColumns.recording(columns);
      } catch (EOFException e) {
        throw new IOException(file + " is damaged: it ends too early", e);
      } catch (ZipException | IllegalArgumentException e) {
        throw new IOException(file + " is damaged: " + e.getMessage(), e);
      }
    }
  }

  private static void checkFormat(InputStream in, Path file) throws IOException {
    var head = new String(in.readNBytes(FORMAT.length()), StandardCharsets.ISO_8859_1);
    if (!head.startsWith(FORMAT_OF_ANY_VERSION)) {
      throw new IOException(file + " is not a recording of Segue's");
    } else if (!head.equals(FORMAT)) {
      throw new IOException(file + " was written by a later version of Segue");
    }
  }
}

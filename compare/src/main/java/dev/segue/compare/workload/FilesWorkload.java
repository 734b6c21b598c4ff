package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** Reads files in a {@link TemporaryFolder}, hashes them and compresses them. */
final class FilesWorkload implements Workload<String> {
  private static final String[] WORDS =
      "the loop runs one task at a time and switches only where that task waits".split(" ");

  @Override
  public List<SerializableCallable<String>> jobs(Parameters parameters) throws IOException {
    var folder = Path.of(parameters.text(TemporaryFolder.PARAMETER, ""));
    int kilobytes = parameters.count("size", 200);
    int jobs = parameters.count("jobs", 40);
    var list = new ArrayList<SerializableCallable<String>>(jobs);
    for (int i = 0; i < jobs; i++) {
      var file = folder.resolve(kilobytes + "-" + i);
      if (Files.notExists(file)) {
        write(file, 1_000 * kilobytes, i);
      }
      list.add(job(file.toString()));
    }
    return list;
  }

  /** Writes words at random, which compress about as well as any text. */
  private static void write(Path file, int length, int seed) throws IOException {
    var random = new SplittableRandom(seed);
    var text = new StringBuilder(length + 10);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    var draft = Files.createTempFile(file.getParent(), "draft", "");
    Files.writeString(draft, text.substring(0, length), StandardCharsets.UTF_8);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static SerializableCallable<String> job(String file) {
    return () -> hashAndCompress(Path.of(file));
  }

  private static String hashAndCompress(Path file) throws IOException, NoSuchAlgorithmException {
    var content = Files.readAllBytes(file);
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    var hash = MessageDigest.getInstance("SHA-256").digest(content);
    return HexFormat.of().formatHex(hash) + ", " + compressed.size() + " bytes compressed";
  }
}

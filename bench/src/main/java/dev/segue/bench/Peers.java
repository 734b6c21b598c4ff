package dev.segue.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs in other languages, as {@code bench/peers/build} lists them.
 *
 * @param entrants those that can take part
 * @param missing what is missing for the others, and how to install it
 */
public record Peers(List<Entrant> entrants, Map<Contender, String> missing) {
  /** Stands where a command would. */
  private static final String MISSING = "!";

  /** Nobody. */
  public static final Peers NONE = new Peers(List.of(), Map.of());

  /**
   * Builds what there are tools for; that takes a minute or two the first time.
   *
   * @param root the folder of Segue's sources
   * @return who takes part and who does not
   * @throws IOException if the script cannot be run, or fails
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static Peers build(Path root) throws IOException, InterruptedException {
    var script = root.resolve("bench/peers/build");
    if (!Files.isExecutable(script)) {
      throw new IOException(
          "there is no "
              + script
              + ", which builds the programs in other languages; --no-peers does without them");
    }
    var builder =
        new ProcessBuilder(script.toString(), root.resolve("bench/target/peers").toString());
    builder.redirectError(Redirect.INHERIT).environment().put("SEGUE_JAVA", Processes.javaHome());
    var process = Processes.start(builder);
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(script + " ended with exit code " + process.exitValue());
    }
    return of(output);
  }

  /** Reads what the script prints. */
  static Peers of(String output) throws IOException {
    var entrants = new ArrayList<Entrant>();
    var missing = new LinkedHashMap<Contender, String>();
    for (var line : output.lines().filter(text -> !text.isBlank()).toList()) {
      var fields = line.split("\t", 3);
      if (fields.length == 3 && fields[1].equals(MISSING)) {
        missing.put(Contender.peer(fields[0]), fields[2]);
      } else if (fields.length == 2) {
        entrants.add(new Entrant(Contender.peer(fields[0]), List.of(fields[1].split(" ", -1))));
      } else {
        throw new IOException(
            "bench/peers/build printed neither a command nor what is missing: " + line);
      }
    }
    return new Peers(entrants, missing);
  }
}

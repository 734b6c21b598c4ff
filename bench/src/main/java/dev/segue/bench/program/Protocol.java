package dev.segue.bench.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * How a program that is measured talks: it prints {@code = VERSION}, then reads requests, a line
 * each, until the end of its input, and answers each with a line {@code = ANSWER}; {@code = -} says
 * that it cannot do the work. Any other line that it prints is no answer.
 */
final class Protocol {
  private static final String CANNOT = "-";

  private Protocol() {}

  /** Answers one kind of request. */
  interface Answerer {
    /** Returns what follows the {@code =}: a number, mostly. */
    Object answer(String[] arguments) throws Exception;
  }

  /** One work of a contender. */
  interface Doing {
    /** Does the work so often, and returns the seconds, or whatever the work is measured in. */
    double run(int count) throws Exception;
  }

  /** Does what it is asked for until the input ends, and then ends the JVM. */
  static void serve(String version, Map<String, Answerer> answerers) throws Exception {
    System.out.println("= " + version);
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var line = requests.readLine(); line != null; line = requests.readLine()) {
      var words = line.split(" ", -1);
      var answerer = answerers.get(words[0]);
      System.out.println(
          "= "
              + (answerer == null
                  ? CANNOT
                  : answerer.answer(Arrays.copyOfRange(words, 1, words.length))));
    }
    System.exit(0); // whatever servers still run
  }

  static Answerer counted(Doing doing) {
    return arguments -> doing.run(Integer.parseInt(arguments[0]));
  }

  static Answerer port(Server server) {
    return _ -> server.start();
  }

  /** Something that serves until the JVM ends. */
  interface Server {
    /** Returns the port on 127.0.0.1. */
    int start() throws IOException;
  }

  static String javaVersion() {
    return "Java " + Runtime.version();
  }
}

package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real programs, with little to do. */
@Timeout(60)
class EntrantTest {
  private static final Set<String> SERVERS = Set.of("echo", "http");
  private static final Set<String> WORKS =
      Arrays.stream(LoopWork.values())
          .map(LoopWork::request)
          .filter(request -> !request.equals("start-up"))
          .collect(Collectors.toCollection(TreeSet::new));

  private static final Map<String, Set<String>> ABLE =
      Map.of(
          "segue", WORKS,
          "segue-portable", without(SERVERS),
          "virtual-threads", WORKS,
          "virtual-threads-1", WORKS,
          "continuation", Set.of("switch", "spawn-await", "spawn-all"),
          "bare-selector", SERVERS);

  static Stream<Entrant> inJava() {
    return Entrant.inJava().stream();
  }

  @ParameterizedTest
  @MethodSource("inJava")
  void doesTheWorksThatItCan(Entrant entrant) throws Exception {
    var answers = new HashMap<String, String>();
    try (var program = AnsweringProgram.start(entrant.command(), Map.of())) {
      assertThat(program.version()).startsWith("Java ");
      for (var work : WORKS) {
        var answer = program.ask(work, 10);
        if (!answer.equals("-")) {
          answers.put(work, answer);
        }
      }
      assertThat(answers.keySet()).isEqualTo(ABLE.get(entrant.contender().id()));
      if (answers.containsKey("echo")) {
        assertThat(talk(answers.get("echo"), "hello")).isEqualTo("hello");
        assertThat(talk(answers.get("http"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .endsWith("\r\n\r\nHello, World!");
      }
      // A count of bytes may be anything where there are so few tasks; times are positive.
      answers.remove("memory");
      assertThat(answers.values())
          .allSatisfy(answer -> assertThat(Double.parseDouble(answer)).isPositive());
    }
  }

  @ParameterizedTest
  @MethodSource("inJava")
  void saysHello(Entrant entrant) throws Exception {
    if (!entrant.contender().equals(Contender.BARE_SELECTOR)) {
      var result = new LoopBenchmark(List.of(entrant), 1).run(LoopWork.START_UP, 1, _ -> {});
      assertThat(result.failures()).isEmpty();
      assertThat(result.measured()).containsOnlyKeys(entrant.contender());
    }
  }

  private static Set<String> without(Set<String> some) {
    var rest = new TreeSet<>(WORKS);
    rest.removeAll(some);
    return rest;
  }

  /** Sends a text in two pieces, and returns what comes back until the server closes, too. */
  private static String talk(String port, String text) throws Exception {
    try (var socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
      socket.setSoTimeout(50_000);
      var output = socket.getOutputStream();
      output.write(text.substring(0, 3).getBytes());
      output.flush();
      output.write(text.substring(3).getBytes());
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes());
    }
  }
}

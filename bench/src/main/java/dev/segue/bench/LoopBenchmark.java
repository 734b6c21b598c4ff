package dev.segue.bench;

import static dev.segue.bench.Contender.ASYNCIO_WITH_TASKS;
import static dev.segue.bench.Contender.BARE_SELECTOR;
import static dev.segue.bench.Contender.CPYTHON_ASYNCIO;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Contender.SWITCH_OF_SEGUE;
import static dev.segue.bench.Contender.UVLOOP;
import static dev.segue.bench.Contender.UVLOOP_WITH_TASKS;

import dev.segue.bench.LoopWork.Measure;
import dev.segue.bench.Trial.Sampler;
import dev.segue.bench.program.LoadGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Segue's event loop beside its peers, in the same run.
 *
 * <p>Each contender has a process for each work, so that no work is compiled for another. It lives
 * through all rounds.
 */
public final class LoopBenchmark {
  /** So many rounds do not count: compilers are at work in them. */
  private static final int WARM_UPS = 2;

  /** For how long servers are asked in a sample. */
  private static final double SECONDS = 2;

  /** The same for every JVM; what the JDK would choose depends on the machine. */
  private static final Map<String, String> JVM_OPTIONS =
      Map.of("JDK_JAVA_OPTIONS", "-XX:+UseG1GC -Xms1g -Xmx3g");

  /** Answers for a work that there is none of. */
  private static final String CANNOT = "-";

  /** Whose servers come in two kinds: callbacks, and a task for each connection. */
  private static final Map<Contender, Contender> WITH_TASKS =
      Map.of(CPYTHON_ASYNCIO, ASYNCIO_WITH_TASKS, UVLOOP, UVLOOP_WITH_TASKS);

  private static final Entrant LOAD_GENERATOR =
      new Entrant(
          new Contender("load-generator", "load generator", true),
          Processes.newJvm(List.of(), LoadGenerator.class).command());

  private final List<Entrant> entrants;
  private final double scale;
  private final Pinning pinning;
  private final Map<Contender, String> versions = new LinkedHashMap<>();

  /**
   * Prepares to measure.
   *
   * @param entrants who takes part
   * @param scale how much work a sample is: 1 for what {@link LoopWork} says
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public LoopBenchmark(List<Entrant> entrants, double scale) throws InterruptedException {
    this.entrants = List.copyOf(entrants);
    this.scale = scale;
    this.pinning = Pinning.find();
  }

  /**
   * Returns which versions take part.
   *
   * @return what the programs have said so far
   */
  public Map<Contender, String> versions() {
    return versions;
  }

  /**
   * Returns on which processors servers and load generator run.
   *
   * @return a phrase
   */
  public String pinning() {
    return pinning.note();
  }

  /**
   * Measures one work.
   *
   * @param work what to measure
   * @param rounds how many samples to take of each contender
   * @param progress told what is going on, before each sample
   * @return the result
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public Result run(LoopWork work, int rounds, Consumer<String> progress)
      throws InterruptedException {
    var programs = new ArrayList<Running>();
    try {
      return new Trial(work.subject(), WARM_UPS, samplers(work, programs), List.of())
          .run(rounds, progress);
    } finally {
      programs.forEach(Running::close);
    }
  }

  private Map<Contender, Sampler> samplers(LoopWork work, List<Running> programs) {
    var client = running(programs, pinning.client(), LOAD_GENERATOR);
    var samplers = new LinkedHashMap<Contender, Sampler>();
    for (var entrant : entrants) {
      var contender = entrant.contender();
      if (work.measure() == Measure.START_UP) {
        if (!contender.equals(BARE_SELECTOR)) {
          samplers.put(contender, () -> startUp(entrant));
        }
        continue;
      }
      if (work.measure() == Measure.REQUESTS) {
        var server = running(programs, pinning.server(), entrant);
        samplers.put(contender, () -> requests(work, work.request(), server, client));
        var withTasks = WITH_TASKS.get(contender);
        if (withTasks != null) {
          var streams = running(programs, pinning.server(), entrant);
          samplers.put(
              withTasks, () -> requests(work, work.request() + "-streams", streams, client));
        }
        continue;
      }
      var program = running(programs, List.of(), entrant);
      samplers.put(contender, () -> counted(work, program));
      if (work == LoopWork.QUEUE && contender.equals(SEGUE)) {
        var switches = running(programs, List.of(), entrant);
        samplers.put(SWITCH_OF_SEGUE, () -> counted(LoopWork.SWITCH, switches));
      }
    }
    return samplers;
  }

  /** Adds a program to those that will be closed. */
  private Running running(List<Running> programs, List<String> prefix, Entrant entrant) {
    var running = new Running(prefix, entrant);
    programs.add(running);
    return running;
  }

  private @Nullable Sample counted(LoopWork work, Running program)
      throws IOException, InterruptedException {
    int count = scaled(work.count());
    var answer = program.get().ask(work.request(), count);
    if (answer.equals(CANNOT)) {
      return null;
    }
    double number = number(answer);
    return new Sample(
        switch (work.measure()) {
          case NANOS_EACH -> 1e9 * number / count;
          case MILLIS -> 1e3 * number;
          default -> number;
        });
  }

  private @Nullable Sample requests(
      LoopWork work, String serverRequest, Running server, Running client)
      throws IOException, InterruptedException {
    if (server.port == null) {
      server.port = server.get().ask(serverRequest);
    }
    if (server.port.equals(CANNOT)) {
      return null;
    }
    var answer = client.get().ask(work.request(), server.port, work.count(), SECONDS * scale);
    if (answer.startsWith(LoadGenerator.FAILED)) {
      server.get().check();
      throw new IOException(answer);
    }
    var numbers = answer.split(" ", 2);
    return new Sample(number(numbers[0]), OptionalDouble.of(100 * number(numbers[1])));
  }

  private static Sample startUp(Entrant entrant) throws IOException, InterruptedException {
    var command = new ArrayList<>(entrant.command());
    command.add("hello");
    var watch = new Stopwatch();
    var process = Processes.start(new ProcessBuilder(command).redirectErrorStream(true));
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    double seconds = watch.seconds();
    if (code != 0 || !said.strip().endsWith("hello")) {
      throw new IOException("it ended with exit code " + code + " and said: " + said.strip());
    }
    return new Sample(1e3 * seconds);
  }

  private static double number(String answer) throws IOException {
    try {
      double number = Double.parseDouble(answer);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IOException("it answered '" + answer + "', which is no number");
  }

  /** An even number, as some works are done by two tasks. */
  private int scaled(int count) {
    return 2 * (int) Math.max(1, Math.round(count * scale / 2));
  }

  /** A program that is started when it is needed first. */
  private final class Running implements AutoCloseable {
    private final Entrant entrant;
    private final List<String> command;
    private @Nullable AnsweringProgram program;

    /** Where it serves, once it does. */
    private @Nullable String port;

    private Running(List<String> prefix, Entrant entrant) {
      this.entrant = entrant;
      this.command = Stream.concat(prefix.stream(), entrant.command().stream()).toList();
    }

    private AnsweringProgram get() throws IOException, InterruptedException {
      var running = program;
      if (running == null) {
        running = AnsweringProgram.start(command, JVM_OPTIONS);
        program = running;
        versions.put(entrant.contender(), running.version());
      }
      return running;
    }

    @Override
    public void close() {
      if (program != null) {
        program.close();
      }
    }
  }
}

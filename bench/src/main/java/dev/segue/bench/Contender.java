package dev.segue.bench;

import java.util.List;

/**
 * Who does a work.
 *
 * @param id the name in documents for programs: small letters, digits and hyphens
 * @param title the name to display, a word or two
 * @param floor whether it does less than the others have to, and shows what they cannot go below;
 *     it wins no contest
 */
public record Contender(String id, String title, boolean floor) {
  /** Segue, on its default engine. */
  public static final Contender SEGUE = of("segue", "Segue");

  /** Segue on the engine that needs no option of the JVM. */
  static final Contender PORTABLE = of("segue-portable", "Segue portable");

  /** The JDK's virtual threads, as they are by default. */
  static final Contender VIRTUAL_THREADS = of("virtual-threads", "virtual threads");

  /** The JDK's virtual threads on one carrier thread. */
  static final Contender VIRTUAL_THREADS_1 =
      of("virtual-threads-1", "virtual threads at parallelism 1");

  /** {@code jdk.internal.vm.Continuation}, with nothing around it. */
  static final Contender CONTINUATION = floor("continuation", "raw Continuation");

  /** A server without tasks: one thread, one selector. */
  static final Contender BARE_SELECTOR = floor("bare-selector", "bare selector");

  /** What Segue takes for one switch of tasks, beside works that are made of switches. */
  static final Contender SWITCH_OF_SEGUE = floor("segue-switch", "a task switch of Segue");

  /** The JDK's pool of threads: its tasks share everything, also what one of them breaks. */
  static final Contender FORK_JOIN = floor("fork-join", "ForkJoinPool");

  /** The same with as many threads as there are processors, in a program for people. */
  static final Contender THREADS = floor("threads", "a thread for each core");

  /** No pool at all: one list after the other. */
  static final Contender ONE_THREAD = of("one-thread", "one thread");

  /** CPython's process pool: the {@code ProcessPoolExecutor} of {@code concurrent.futures}. */
  static final Contender CPYTHON = of("cpython", "CPython");

  /** CPython's older process pool: the {@code Pool} of {@code multiprocessing}. */
  static final Contender MULTIPROCESSING = of("multiprocessing", "CPython multiprocessing.Pool");

  /** The process pool that joblib uses, whose workers are not forked. */
  static final Contender LOKY = of("loky", "CPython loky");

  /** A Ray cluster of one machine. */
  public static final Contender RAY = of("ray", "Ray");

  /** CPython's asyncio. */
  static final Contender CPYTHON_ASYNCIO = of("asyncio", "CPython asyncio");

  /** CPython's asyncio on uvloop. */
  static final Contender UVLOOP = of("uvloop", "CPython uvloop");

  /** CPython's asyncio, with a task and streams for each connection instead of callbacks. */
  static final Contender ASYNCIO_WITH_TASKS =
      of("asyncio-with-tasks", "CPython asyncio, with tasks");

  /** The same on uvloop. */
  static final Contender UVLOOP_WITH_TASKS = of("uvloop-with-tasks", "CPython uvloop, with tasks");

  /** Go. */
  static final Contender GO = of("go", "Go");

  /** Kotlin's coroutines. */
  static final Contender KOTLIN = of("kotlin", "Kotlin coroutines");

  private static final List<Contender> PEERS =
      List.of(
          CPYTHON_ASYNCIO, UVLOOP, GO, KOTLIN, of("node", "Node.js"), of("tokio", "Rust tokio"));

  /** JVMs and Unix-domain sockets with no pool around them: what a pool cannot go below. */
  static final Contender BARE = floor("bare", "bare JVMs");

  /** Finds a program in another language by its name; one that nobody knows keeps its name. */
  static Contender peer(String id) {
    return PEERS.stream().filter(peer -> peer.id.equals(id)).findFirst().orElse(of(id, id));
  }

  private static Contender of(String id, String title) {
    return new Contender(id, title, false);
  }

  private static Contender floor(String id, String title) {
    return new Contender(id, title, true);
  }
}

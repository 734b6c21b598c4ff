package dev.segue.compare;

import dev.segue.inspect.Recorder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs jobs under one model, in a child JVM; made once, and used for each repetition. */
interface Runner extends AutoCloseable {
  /** How the names of threads begin that run one job each. */
  String JOB = "job ";

  /** How the names of a thread pool's threads begin. */
  String WORKER = "worker ";

  /**
   * Runs all jobs of a turn, and returns when they have ended.
   *
   * @param recorder records it, if it is to be recorded
   */
  void run(Turn turn, @Nullable Recorder recorder) throws InterruptedException, IOException;

  /** What went wrong with a job that threw, or else ended with a failure. */
  default Message.Problem problem(String job, Throwable failure, Turn turn) {
    var kind =
        failure instanceof OutOfMemoryError ? Finding.Kind.OUT_OF_MEMORY : Finding.Kind.JOB_FAILED;
    return new Message.Problem(kind, job + " threw " + Texts.of(failure) + ".", Texts.at(failure));
  }

  /** What held the loop since this was asked last. */
  default List<Message.Held> held() {
    return List.of();
  }

  /** The bytes that are in use in a worker after a garbage collection; 0 if there are none. */
  default long workersHeap() throws InterruptedException {
    return 0;
  }

  /** The processor time so far in processes that this one has not started, in nanoseconds. */
  default long processorElsewhere() {
    return 0;
  }

  @Override
  default void close() {} // the JVM ends

  static Runner of(Message.Setup setup) throws InterruptedException {
    return switch (setup.model()) {
      case SYNC -> new OnExecutor(setup.model(), Direct::new);
      case THREADS -> new OnExecutor(setup.model(), () -> named(Thread.ofPlatform()));
      case THREAD_POOL -> new OnExecutor(setup.model(), () -> pool(setup.workers()));
      case VIRTUAL_THREADS -> new OnExecutor(setup.model(), () -> named(Thread.ofVirtual()));
      case EVENT_LOOP -> new LoopRunner();
      case PROCESS_POOL -> new ProcessRunner(setup);
      case CLUSTER -> new ClusterRunner(setup);
    };
  }

  private static ExecutorService named(Thread.Builder threads) {
    return Executors.newThreadPerTaskExecutor(threads.name(JOB, 1).factory());
  }

  private static ExecutorService pool(int workers) {
    var threads = Thread.ofPlatform().name(WORKER, 1).factory();
    var pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(workers, threads);
    pool.prestartAllCoreThreads();
    return pool;
  }

  /** On threads of this JVM. */
  final class OnExecutor implements Runner {
    private static final boolean HAS_JFR = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final Model model;
    private final Supplier<ExecutorService> executors;
    private final ExecutorService executor;

    OnExecutor(Model model, Supplier<ExecutorService> executors) {
      this.model = model;
      this.executors = executors;
      this.executor = executors.get();
    }

    @Override
    public void run(Turn turn, @Nullable Recorder recorder)
        throws InterruptedException, IOException {
      if (recorder == null) {
        run(turn, executor);
        return;
      }
      var anew = executors.get(); // whose threads are counted from 1
      // Flight Recorder does not tell when a virtual thread ends, and may be missing.
      if (model == Model.VIRTUAL_THREADS || !HAS_JFR) {
        run(turn, recorder.recorded(model.title(), anew));
      } else {
        try (var _ = recorder.recordThreads(model.title())) {
          run(turn, anew);
        }
      }
      anew.close(); // a job that has ended may not have been recorded yet
    }

    private static void run(Turn turn, ExecutorService executor) throws InterruptedException {
      turn.begin();
      turn.feed(job -> executor.execute(() -> turn.run(job)));
      turn.await();
    }
  }

  /** Runs each where it is submitted. */
  final class Direct extends AbstractExecutorService {
    @Override
    public void execute(Runnable command) {
      command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}

package dev.segue.compare;

import dev.segue.compare.Message.Problem;
import dev.segue.futures.SerializableCallable;
import dev.segue.inspect.LostUpdate;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.RecordingFile;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * A child JVM, which has one workload and runs its jobs under one model when it is told to.
 *
 * <p>What its jobs print goes nowhere. It ends with all that it has started when the connection to
 * its parent does.
 */
final class ChildMain {
  /** How many jobs are serialized to see how large they are. */
  private static final int WEIGHED = 20;

  private final ObjectOutputStream out; // guarded by itself
  private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
  private volatile @Nullable Turn turn;

  private ChildMain(ObjectOutputStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws Exception {
    ignoreInterrupts();
    var input =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(FileDescriptor.in), StandardCharsets.US_ASCII));
    int port = Integer.parseInt(input.readLine());
    var secret = input.readLine();
    System.setIn(InputStream.nullInputStream());
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(secret.getBytes(StandardCharsets.US_ASCII));
    var child = new ChildMain(Message.out(socket));
    var in = Message.in(socket);
    Thread.ofPlatform().daemon().name("segue-compare").start(() -> child.read(in));
    Runtime.getRuntime().addShutdownHook(new Thread(child::exiting, "segue-compare-end"));
    try {
      child.serve();
    } catch (Throwable thrown) { // other threads may live on
      thrown.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** A Ctrl-C in the terminal is meant for the parent, which then ends this JVM. */
  private static void ignoreInterrupts() {
    try {
      Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    } catch (IllegalArgumentException _) {
      // started with -Xrs: the JVM leaves signals alone
    }
  }

  private void read(ObjectInputStream in) {
    try {
      while (true) {
        var message = (Message) in.readObject();
        if (message instanceof Message.Explain) {
          explain();
        } else {
          requests.add(message);
        }
      }
    } catch (Throwable _) { // the parent has gone, or nothing works any more
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(0);
    }
  }

  /** Tells which job has called System.exit, which waits for this. */
  private void exiting() {
    var current = turn;
    try {
      var job = current == null ? null : current.exiting();
      if (job != null) {
        send(job);
      }
    } catch (IOException _) {
      // the parent sees the end anyway
    }
  }

  private void explain() throws IOException {
    var current = turn;
    var stuck = current == null ? null : current.stuck();
    send(stuck == null ? new Message.Stuck("a job", 0, null) : stuck);
  }

  private void send(Message message) throws IOException {
    synchronized (out) {
      out.writeObject(message);
      out.reset();
      out.flush();
    }
  }

  // --- requests

  private void serve() throws Exception {
    var setup = (Message.Setup) requests.take();
    if (setup.model() != Model.SYNC) {
      Thread.currentThread().setName("segue-compare-main"); // so that it is not recorded
    }
    Workload<?> workload;
    Runner runner;
    try {
      workload = make(setup.workload());
      runner = Runner.of(setup);
    } catch (Refusal | RuntimeException refusal) {
      send(new Message.Refused(String.valueOf(refusal.getMessage())));
      return;
    }
    send(new Message.Ready());
    while (true) {
      var request = requests.take();
      try {
        switch (request) {
          case Message.Check check -> send(checked(workload, check));
          case Message.Repeat repeat -> repeat(setup, workload, runner, repeat);
          case Message.Watch _ -> send(watch(setup, workload, runner));
          default -> throw new IllegalStateException("unexpected: " + request);
        }
      } catch (Refusal refusal) {
        send(new Message.Refused(String.valueOf(refusal.getMessage())));
      }
    }
  }

  /** The workload is not as it should be. */
  private static final class Refusal extends Exception {
    Refusal(String message) {
      super(message);
    }
  }

  private static Workload<?> make(String name) throws Refusal {
    try {
      var type = Class.forName(name, true, ClassLoader.getSystemClassLoader());
      if (!Workload.class.isAssignableFrom(type)) {
        throw new Refusal(name + " does not implement " + Workload.class.getName());
      }
      return make(type);
    } catch (ClassNotFoundException e) {
      throw new Refusal("there is no class " + name + " on the class path");
    } catch (NoSuchMethodException e) {
      throw new Refusal(name + " has no constructor without parameters");
    } catch (InvocationTargetException e) {
      throw new Refusal("the constructor of " + name + " threw " + described(e.getCause()));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new Refusal(name + " cannot be made: " + described(e));
    }
  }

  private static Workload<?> make(Class<?> type) throws Refusal, ReflectiveOperationException {
    var constructor = type.getDeclaredConstructor();
    if (Modifier.isPrivate(constructor.getModifiers())) {
      throw new Refusal("the constructor of " + type.getName() + " is private");
    }
    constructor.setAccessible(true); // a class in a file of its own need not be public
    return (Workload<?>) constructor.newInstance();
  }

  private static String described(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "nothing";
    }
    var at = Texts.at(thrown);
    return Texts.of(thrown) + (at == null ? "" : " at " + at);
  }

  private static List<? extends SerializableCallable<?>> jobs(
      Workload<?> workload, Parameters parameters) throws Refusal {
    List<? extends SerializableCallable<?>> jobs;
    try {
      jobs = workload.jobs(parameters);
    } catch (Exception | StackOverflowError | LinkageError | AssertionError e) {
      throw new Refusal("jobs threw " + described(e));
    }
    if (jobs == null || jobs.isEmpty()) {
      throw new Refusal("jobs gave no job");
    }
    var copy = new ArrayList<SerializableCallable<?>>(jobs);
    if (copy.contains(null)) {
      throw new Refusal("jobs gave null among the jobs");
    }
    return copy;
  }

  private static Message.Checked checked(Workload<?> workload, Message.Check check) throws Refusal {
    Map<String, String> first = Map.of();
    for (var given : check.parameters()) {
      var parameters = new Parameters(given);
      var _ = jobs(workload, parameters);
      var used = Map.copyOf(parameters.used());
      for (var name : given.keySet()) {
        if (!used.containsKey(name)) {
          throw new Refusal(
              "it has no parameter "
                  + name
                  + (used.isEmpty() ? ", nor any other" : "; it has " + sorted(used)));
        }
      }
      first = first.isEmpty() ? used : first;
    }
    return new Message.Checked(first);
  }

  private static String sorted(Map<String, String> used) {
    return String.join(", ", used.keySet().stream().sorted().toList());
  }

  // --- one repetition

  private void repeat(
      Message.Setup setup, Workload<?> workload, Runner runner, Message.Repeat request)
      throws Refusal, InterruptedException, IOException {
    var current = new Turn(jobs(workload, new Parameters(setup.parameters())), setup.rate());
    turn = current;
    var recorder = request.record() ? new Recorder() : null;
    var threads = ManagementFactory.getThreadMXBean();
    threads.resetPeakThreadCount();
    int before = threads.getThreadCount();
    send(new Message.Began());
    boolean here = setup.model() == Model.SYNC;
    long elsewhere = runner.processorElsewhere();
    long processor = ProcessorTime.begin();
    long own = here ? ProcessorTime.ofThread() : 0;
    runner.run(current, recorder);
    own = here ? ProcessorTime.ofThread() - own : 0;
    processor = ProcessorTime.end() - processor + runner.processorElsewhere() - elsewhere;
    int more = threads.getPeakThreadCount() - before;
    send(new Message.Done());

    var latencies = current.latencies();
    var profile = here ? profile(current, own) : null;
    var problems = problems(runner, current);
    var held = runner.held();
    var values = values(workload, current);
    var recording = recorder == null ? new byte[0] : recording(recorder, current);
    long wall = current.wall();
    turn = null;
    current = null; // so that nothing of it is alive below
    long heap = request.collect() ? heap(runner) : 0;
    send(
        new Message.Outcome(
            wall,
            processor,
            latencies.getValueAtPercentile(50),
            latencies.getValueAtPercentile(99),
            latencies.getMaxValue(),
            more,
            profile,
            values,
            problems,
            held,
            heap,
            recording));
  }

  /** One more repetition, of classes that tell which fields they use. */
  private Message.Watched watch(Message.Setup setup, Workload<?> workload, Runner runner)
      throws Refusal, InterruptedException, IOException {
    var recorder = new Recorder();
    Workload<?> watched;
    try {
      watched = make(WatchedClasses.of(workload.getClass(), recorder));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new Refusal("its fields cannot be watched: " + described(e));
    }
    var current = new Turn(jobs(watched, new Parameters(setup.parameters())), setup.rate());
    turn = current;
    runner.run(current, null);
    turn = null;
    return new Message.Watched(
        recorder.recording().lostUpdates().stream()
            .max(Comparator.comparingInt(LostUpdate::count))
            .map(ChildMain::lost)
            .orElse(null));
  }

  private static Message.Lost lost(LostUpdate lost) {
    return new Message.Lost(
        lost.field(),
        Texts.of(lost.read().where()),
        Texts.of(lost.overwritten().where()),
        Texts.of(lost.write().where()),
        lost.count());
  }

  private static JobProfile profile(Turn turn, long processor) {
    var times = turn.times();
    long total = Arrays.stream(times).sum();
    Arrays.sort(times);
    double waiting = total == 0 ? 0 : 1 - (double) processor / total;
    long bytes = 0;
    int step = Math.max(1, turn.size() / WEIGHED);
    int weighed = 0;
    for (int job = 0; job < turn.size(); job += step) {
      long both = bytes(turn.job(job), turn.result(job));
      if (both == 0) {
        bytes = 0;
        break;
      }
      bytes += both;
      weighed++;
    }
    return new JobProfile(
        turn.size(),
        Math.clamp(waiting, 0, 1),
        times[times.length / 2],
        times[times.length - 1],
        total,
        weighed == 0 ? 0 : bytes / weighed);
  }

  /** How long both are when serialized; 0 if they cannot be. */
  private static long bytes(Object job, @Nullable Object result) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(job);
      out.writeObject(result);
    } catch (Exception | StackOverflowError _) {
      return 0;
    }
    return bytes.size();
  }

  /** One of each kind: the first. */
  private static List<Problem> problems(Runner runner, Turn turn) {
    var byKind = new EnumMap<Finding.Kind, List<Problem>>(Finding.Kind.class);
    for (int job = 0; job < turn.size(); job++) {
      var failure = turn.failure(job);
      if (failure != null) {
        var problem = runner.problem(turn.name(job), failure, turn);
        byKind.computeIfAbsent(problem.kind(), _ -> new ArrayList<>()).add(problem);
      }
    }
    return byKind.values().stream().map(ChildMain::first).toList();
  }

  private static Problem first(List<Problem> alike) {
    var first = alike.getFirst();
    int more = alike.size() - 1;
    var text = more == 0 ? first.text() : first.text() + " (" + more + " more failed.)";
    return new Problem(first.kind(), text, first.at());
  }

  private static Message.Values values(Workload<?> workload, Turn turn) throws Refusal {
    int size = turn.size();
    var digests = new long[size + 1];
    var texts = new String[size + 1];
    for (int job = 0; job < size; job++) {
      digests[job] = Digest.of(turn.result(job));
      texts[job] = Texts.of(turn.result(job));
    }
    Object left;
    try {
      left = workload.leftBehind();
    } catch (Exception | StackOverflowError | LinkageError | AssertionError e) {
      throw new Refusal("leftBehind threw " + described(e));
    }
    digests[size] = Digest.of(left);
    texts[size] = Texts.of(left);
    return new Message.Values(digests, texts);
  }

  private static byte[] recording(Recorder recorder, Turn turn) throws IOException {
    var file = Files.createTempFile("segue-compare", ".segue");
    try {
      RecordingFile.write(Timeline.of(recorder, turn), file);
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  private static long heap(Runner runner) throws InterruptedException {
    long workers = runner.workersHeap();
    if (workers > 0) {
      return workers;
    }
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

package dev.segue.cluster;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A standalone Spark cluster of processes on this machine, for trials and tests: a master and its
 * workers. Its Spark is the one on this JVM's class path, and its executors have the jars of that
 * class path.
 *
 * <p>No process and no file of it remains after {@link #close}, or after this JVM has ended, for
 * whatever reason. Safe for use by several threads.
 */
public final class LocalCluster implements AutoCloseable {
  /** The environment of Spark's own scripts, which would change what the members do. */
  private static final String SPARK_VARIABLES = "SPARK_";

  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  /** What is worth a line in the log of a member or an executor. */
  private static final String LOGGING =
      """
      rootLogger.level = warn
      rootLogger.appenderRef.stderr.ref = stderr
      appender.stderr.type = Console
      appender.stderr.name = stderr
      appender.stderr.target = SYSTEM_ERR
      appender.stderr.layout.type = PatternLayout
      appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
      """;

  private final Builder settings;
  private final Path folder;
  private final Thread hook = new Thread(this::end, "segue-cluster-end");
  private final List<Member> members = new ArrayList<>(); // guarded by itself
  private volatile int port;

  private LocalCluster(Builder settings) throws IOException {
    this.settings = settings;
    this.folder = Files.createTempDirectory("segue-cluster-");
  }

  /**
   * Returns a builder of a cluster with two workers, with one core and 1 GiB each.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a cluster whose Spark is the one on this JVM's class path.
   *
   * @param workers how many workers, each with one executor of an application
   * @param coresPerWorker how many tasks each runs at the same time
   * @param memoryPerWorker how many bytes the executors of a worker may have
   * @return the cluster, whose workers have registered with the master
   */
  public static LocalCluster start(int workers, int coresPerWorker, long memoryPerWorker) {
    return builder()
        .workers(workers)
        .coresPerWorker(coresPerWorker)
        .memoryPerWorker(memoryPerWorker)
        .start();
  }

  /**
   * Returns the address of the master.
   *
   * @return as {@link SparkExecutor.Builder#master} takes it
   */
  public String master() {
    return "spark://" + settings.host + ":" + port;
  }

  /** Ends all processes of the cluster, and deletes its files. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // It runs already.
    }
  }

  /** A process of the cluster. */
  record Member(String name, Process process, DataOutputStream in, BufferedReader out) {}

  /** The process of the master: the last one, if it was started again. */
  ProcessHandle masterProcess() {
    return processes("master").getLast();
  }

  /** The processes of the workers. */
  List<ProcessHandle> workerProcesses() {
    return processes("worker");
  }

  /** The processes of all executors. */
  List<ProcessHandle> executorProcesses() {
    var workers = workerProcesses().stream().map(ProcessHandle::pid).toList();
    return processesOf(folder).stream()
        .filter(process -> workers.stream().noneMatch(pid -> pid == process.pid()))
        .filter(process -> process.pid() != masterProcess().pid())
        .toList();
  }

  private List<ProcessHandle> processes(String name) {
    synchronized (members) {
      return members.stream()
          .filter(member -> member.name().startsWith(name))
          .map(member -> member.process().toHandle())
          .toList();
    }
  }

  /** Where the members' logs and the executors' output are. */
  Path folder() {
    return folder;
  }

  /** Starts a master again, at the address of the one that has ended. */
  void restartMaster() {
    startMaster(launch("master"));
  }

  /** Starts one more worker. */
  void addWorker() {
    ready(send(launch("worker-" + workerProcesses().size())));
  }

  private void startAll() throws IOException {
    Runtime.getRuntime().addShutdownHook(hook);
    layOutHome();
    var workers = new ArrayList<Member>();
    var master = launch("master");
    for (int i = 0; i < settings.workers; i++) {
      workers.add(launch("worker-" + i)); // starts to load Spark while the master does
    }
    startMaster(master);
    workers.forEach(this::send);
    workers.forEach(this::ready);
  }

  /** Makes what Spark's scripts call its home, with the jars that executors get. */
  private void layOutHome() throws IOException {
    var jars = Files.createDirectories(home("jars"));
    Files.createDirectories(home("conf"));
    Files.createDirectories(folder.resolve("tmp"));
    var names = new ArrayList<String>();
    for (var jar : ClassPath.ofThisJvm()) {
      if (Files.isRegularFile(jar)) {
        var name = String.valueOf(jar.getFileName());
        var unique = names.contains(name) ? names.size() + "-" + name : name;
        names.add(unique);
        Files.createSymbolicLink(jars.resolve(unique), jar.toAbsolutePath());
      }
    }
    var options = new ArrayList<>(List.of("-XX:-UsePerfData", "-Xshare:auto"));
    options.add("--sun-misc-unsafe-memory-access=allow");
    options.add("--enable-native-access=ALL-UNNAMED");
    options.add("\"-Djava.io.tmpdir=" + folder.resolve("tmp") + "\"");
    Files.write(home("conf/java-opts"), options);
    Files.writeString(home("conf/log4j2.properties"), LOGGING);
  }

  private Path home(String path) {
    return folder.resolve("home").resolve(path);
  }

  private Member launch(String name) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    command.add("-Dlog4j2.configurationFile=" + home("conf/log4j2.properties").toUri());
    command.add("-cp");
    command.add(
        ClassPath.ofThisJvm().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(ClusterMember.class.getName());
    command.add(name.replaceFirst("-.*", ""));
    command.add(folder.toString());
    var builder =
        new ProcessBuilder(command).redirectError(log(name).toFile()).directory(folder.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith(SPARK_VARIABLES));
    environment.put("SPARK_HOME", home("").toString());
    environment.put("SPARK_CONF_DIR", home("conf").toString());
    environment.put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    environment.put("SPARK_LOCAL_IP", settings.host);
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Member member;
    try {
      var process = builder.start();
      member =
          new Member(
              name,
              process,
              new DataOutputStream(process.getOutputStream()),
              process.inputReader(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the " + name + " of a cluster", e);
    }
    synchronized (members) {
      members.add(member);
    }
    tell(member);
    return member;
  }

  private void tell(Member member) {
    var in = member.in();
    try {
      in.writeUTF(settings.host);
      in.writeInt(settings.configuration.size());
      for (var property : settings.configuration.entrySet()) {
        in.writeUTF(property.getKey());
        in.writeUTF(property.getValue());
      }
      if (member.name().equals("master")) {
        in.writeInt(port);
      } else {
        in.writeUTF(folder.resolve("work").resolve(member.name()).toString());
        in.writeInt(settings.coresPerWorker);
        in.writeInt((int) (settings.memoryPerWorker >> 20));
      }
      in.flush();
    } catch (IOException e) {
      throw failed(member, "has ended", e);
    }
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private void startMaster(Member master) {
    port = Integer.parseInt(firstLine(master));
  }

  private Member send(Member worker) {
    try {
      worker.in().writeUTF(master());
      worker.in().flush();
      return worker;
    } catch (IOException e) {
      throw failed(worker, "has ended", e);
    }
  }

  private void ready(Member worker) {
    var line = firstLine(worker);
    if (!line.equals(ClusterMember.READY)) {
      throw failed(worker, "wrote " + line, null);
    }
  }

  /** Waits for what a member writes once it is ready. */
  private String firstLine(Member member) {
    var line = new CompletableFuture<@Nullable String>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            line.complete(member.out().readLine());
          } catch (Throwable t) {
            line.completeExceptionally(t);
          }
        });
    try {
      var written = line.get(settings.startTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (written == null) {
        throw failed(member, "has ended", null);
      }
      return written;
    } catch (TimeoutException e) {
      throw failed(
          member, "was not ready within " + settings.startTimeout.toMillis() / 1e3 + " s", e);
    } catch (ExecutionException e) {
      throw failed(member, "has ended", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a cluster was starting", e);
    }
  }

  private IllegalStateException failed(Member member, String how, @Nullable Throwable cause) {
    return new IllegalStateException(
        "the " + member.name() + " of a cluster " + how + tail(log(member.name())), cause);
  }

  private static String tail(Path log) {
    try {
      var lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      var last = lines.subList(Math.max(0, lines.size() - 20), lines.size());
      return last.isEmpty() ? "" : "; its log ends with:\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "; its log cannot be read: " + e;
    }
  }

  /** Executors go first, or their worker would start others. */
  private void end() {
    synchronized (members) {
      for (var member : members) {
        member.process().destroyForcibly();
      }
      for (var member : members) {
        await(member.process().toHandle());
      }
    }
    for (var left = processesOf(folder); !left.isEmpty(); left = processesOf(folder)) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(LocalCluster::await);
    }
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the files of a cluster in " + folder, e);
    }
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot wait for process " + process.pid(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // they have been killed, and end without us
    }
  }

  /** Returns the processes with a folder on their command line: members and executors. */
  static List<ProcessHandle> processesOf(Path folder) {
    var text = folder.toString() + File.separator;
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(text))
        .toList();
  }

  /** Sets the options of a cluster that is to be started. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, String> configuration = new LinkedHashMap<>();
    private String host = "127.0.0.1";
    private int workers = 2;
    private int coresPerWorker = 1;
    private long memoryPerWorker = 1L << 30;
    private Duration startTimeout = Duration.ofSeconds(60);

    private Builder() {
      configuration.put("spark.master.rest.enabled", "false");
    }

    /**
     * Sets how many workers there are.
     *
     * @param count not negative; by default 2
     * @return this
     */
    public Builder workers(int count) {
      workers = atLeast(0, count, "workers");
      return this;
    }

    /**
     * Sets how many tasks the executors of a worker run at the same time.
     *
     * @param cores positive; by default 1. They need not exist
     * @return this
     */
    public Builder coresPerWorker(int cores) {
      coresPerWorker = atLeast(1, cores, "coresPerWorker");
      return this;
    }

    /**
     * Sets how much memory the executors of a worker may have.
     *
     * @param bytes at least 1 MiB; by default 1 GiB
     * @return this
     */
    public Builder memoryPerWorker(long bytes) {
      if (bytes < 1 << 20) {
        throw new IllegalArgumentException("memoryPerWorker must be at least 1 MiB: " + bytes);
      }
      memoryPerWorker = bytes;
      return this;
    }

    /**
     * Sets a property of Spark's configuration in the master and the workers. What is about
     * security the executor that uses the cluster needs too.
     *
     * @param key the property
     * @param value its value
     * @return this
     */
    public Builder config(String key, String value) {
      configuration.put(
          Objects.requireNonNull(key, "key must not be null"),
          Objects.requireNonNull(value, "value must not be null"));
      return this;
    }

    /**
     * Sets how long the processes may take to start.
     *
     * @param timeout positive; by default 60 seconds
     * @return this
     */
    public Builder startTimeout(Duration timeout) {
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("startTimeout must be positive: " + timeout);
      }
      startTimeout = timeout;
      return this;
    }

    /**
     * Starts the cluster.
     *
     * @return the cluster, whose workers have registered with the master
     * @throws IllegalStateException if a process does not start, or the thread is interrupted
     */
    public LocalCluster start() {
      LocalCluster cluster;
      try {
        cluster = new LocalCluster(this);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make a folder for a cluster", e);
      }
      try {
        cluster.startAll();
        return cluster;
      } catch (Throwable t) {
        try {
          cluster.close();
        } catch (Throwable later) {
          t.addSuppressed(later);
        }
        throw t instanceof IOException e
            ? new UncheckedIOException("cannot start a cluster", e)
            : (RuntimeException) t;
      }
    }

    private static int atLeast(int least, int value, String name) {
      if (value < least) {
        throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
      }
      return value;
    }
  }
}

package dev.segue.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * A pool of a process, as the process has told of it.
 *
 * @param kind process or thread
 * @param name its name; of a thread pool that of its class
 * @param threads how many threads it has; blank if that is not known
 * @param active how many of them work; blank if that is not known
 * @param queued how many tasks wait for a worker
 * @param lost how many workers have ended while they had a task
 * @param workers its worker processes, or those of its threads that work for a task of a loop
 */
record Pool(
    String kind,
    String name,
    String threads,
    String active,
    long queued,
    long lost,
    List<Worker> workers) {
  /**
   * A worker.
   *
   * @param name its name
   * @param pid its process; 0 for a thread, or if it has not started
   * @param state starting, idle, busy or stopping
   * @param task the task that it runs; blank if there is none
   * @param nanos for how many nanoseconds it has run the task; of a thread, for how long the task
   *     has waited for it
   */
  record Worker(String name, long pid, String state, String task, long nanos) {
    static Worker of(List<String> fields) {
      return new Worker(
          fields.get(1),
          Long.parseLong(fields.get(2)),
          fields.get(3),
          fields.get(4),
          Long.parseLong(fields.get(5)));
    }

    private Map<String, Object> json() {
      var json = new LinkedHashMap<String, Object>();
      json.put("name", name);
      if (pid > 0) {
        json.put("pid", pid);
      }
      json.put("state", state);
      if (!task.isEmpty()) {
        json.put("task", task);
        json.put("seconds", nanos / 1e9);
      }
      return json;
    }

    private String text(int width) {
      var shown = Texts.printable(name);
      return shown
          + " ".repeat(Math.max(0, width - shown.length()))
          + (pid <= 0 ? "" : "  pid " + pid)
          + "  "
          + state
          + (task.isEmpty() ? "" : " " + Texts.time(nanos) + " with " + Texts.printable(task));
    }
  }

  static Pool of(List<String> fields, List<Worker> workers) {
    return new Pool(
        fields.get(1),
        fields.get(2),
        fields.get(3),
        fields.get(4),
        Long.parseLong(fields.get(5)),
        Long.parseLong(fields.get(6)),
        workers);
  }

  /** The heading, and a line for each worker. */
  String text(LookOptions style) {
    int width = workers.stream().mapToInt(worker -> worker.name().length()).max().orElse(0);
    return style.styled("%s pool '%s'".formatted(kind, Texts.printable(name)), Style.bold)
        + ": "
        + (kind.equals("process") ? ofProcesses() : ofThreads())
        + ", %,d queued".formatted(queued)
        + (lost == 0 ? "" : style.styled(", %,d lost".formatted(lost), Style.fg_red))
        + workers.stream().map(worker -> "\n  " + worker.text(width)).collect(Collectors.joining());
  }

  private String ofProcesses() {
    return workers.size() == 1 ? "1 worker" : "%,d workers".formatted(workers.size());
  }

  private String ofThreads() {
    return threads.isEmpty()
        ? workers.size() + " busy"
        : threads + (threads.equals("1") ? " thread, " : " threads, ") + active + " busy";
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("kind", kind);
    json.put("name", name);
    if (!threads.isEmpty()) {
      json.put("threads", Long.parseLong(threads));
      json.put("busy", Long.parseLong(active));
    }
    json.put("queued", queued);
    json.put("lost", lost);
    json.put("workers", workers.stream().map(Worker::json).toList());
    return json;
  }
}

package dev.segue.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The loops of a process with their tasks, and its pools, as it has told of them.
 *
 * @param pid the process
 * @param loops its loops that run
 * @param pools its process pools, and the executors that tasks wait for
 * @param untaken how many tasks' stacks were not taken, because that would have taken too long
 */
record Snapshot(long pid, List<Loop> loops, List<Pool> pools, int untaken) {
  private static final Pattern FRAME =
      Pattern.compile("(?<type>.*)\\.(?<method>[^.(]+)\\((?<file>.*)\\)");

  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.*)\\$\\d+");

  /**
   * A loop.
   *
   * @param name its name
   * @param engine its engine
   * @param complete whether no task can be missing: the loop itself told of them, or did not go on
   *     meanwhile
   * @param held for how many nanoseconds a task has held the loop
   * @param taken how many nanoseconds of its time the loop took to tell; 0 if it was held
   * @param tasks its tasks
   */
  record Loop(
      String name, String engine, boolean complete, long held, long taken, List<Task> tasks) {
    /** The tasks by their ids. */
    Map<Long, Task> byId() {
      var byId = new HashMap<Long, Task>();
      tasks.forEach(task -> byId.put(task.id(), task));
      return byId;
    }

    Map<String, Object> json(boolean stacks) {
      var json = new LinkedHashMap<String, Object>();
      json.put("name", name);
      json.put("engine", engine);
      json.put("complete", complete);
      json.put("heldSeconds", held / 1e9);
      json.put("takenSeconds", taken / 1e9);
      json.put("tasks", tasks.stream().map(task -> task.json(stacks)).toList());
      return json;
    }
  }

  /**
   * A task.
   *
   * @param id its number
   * @param name its name
   * @param state new, running, ready or waiting
   * @param waited for how many nanoseconds it has waited
   * @param parent the id of the task whose group it is in; 0 for none
   * @param targets the ids of the tasks that it waits for, by themselves, as a group, or by a lock
   * @param kind the kind of what it waits for; blank if none
   * @param what what it waits for
   * @param left the nanoseconds until its sleep ends
   * @param stack where it is; empty if not taken
   * @param created where it was created; blank if it is not known
   */
  record Task(
      long id,
      String name,
      String state,
      long waited,
      long parent,
      List<Long> targets,
      String kind,
      String what,
      long left,
      Stack stack,
      String created) {

    private static Task of(List<String> fields, Map<String, Stack> stacks) {
      return new Task(
          Long.parseLong(fields.get(1)),
          fields.get(2),
          fields.get(3),
          Long.parseLong(fields.get(4)),
          Long.parseLong(fields.get(5)),
          ids(fields.get(6)),
          fields.get(7),
          fields.get(8),
          Long.parseLong(fields.get(9)),
          stacks.getOrDefault(fields.get(10), Stack.NONE),
          fields.get(11));
    }

    private static List<Long> ids(String text) {
      return text.equals("0")
          ? List.of()
          : Arrays.stream(text.split(",")).map(Long::valueOf).toList();
    }

    boolean isWaiting() {
      return state.equals("waiting");
    }

    /** Whether it waits for all tasks of a group, or for any of some tasks. */
    private boolean waitsForSeveral() {
      return kind.equals("group") || kind.equals("tasks");
    }

    /** What it waits for, with the time that is left. */
    String waitsFor() {
      if (!isWaiting()) {
        return "";
      } else if (kind.equals("sleep")) {
        return what + ", " + Texts.time(Math.max(0, left)) + " left";
      }
      return kind.equals("jdk") && !what.contains(" ") ? "JDK: " + what : what;
    }

    Map<String, Object> json(boolean stacks) {
      var json = new LinkedHashMap<String, Object>();
      json.put("id", id);
      json.put("name", name);
      json.put("state", state);
      if (parent != 0) {
        json.put("parent", parent);
      }
      if (isWaiting()) {
        json.put("waitedSeconds", waited / 1e9);
        json.put("kind", kind);
        json.put("waitsFor", what);
        if (kind.equals("sleep")) {
          json.put("leftSeconds", Math.max(0, left) / 1e9);
        }
        if (waitsForSeveral()) {
          json.put("tasks", targets);
        } else if (!targets.isEmpty()) {
          json.put("task", targets.getFirst());
        }
      }
      json.put("where", stack.where());
      if (!created.isEmpty()) {
        json.put("created", created);
      }
      if (stacks) {
        json.put("stack", stack.frames());
      }
      return json;
    }
  }

  /**
   * A stack.
   *
   * @param frames its frames, the innermost first
   * @param where the innermost one of the program's own code, shortened; blank if there is none
   */
  record Stack(List<String> frames, String where) {
    private static final Stack NONE = new Stack(List.of(), "");

    private static Stack of(List<String> fields) {
      var own = FRAME.matcher(fields.get(2));
      return new Stack(fields.subList(3, fields.size()), own.matches() ? shortened(own) : "");
    }

    private static String shortened(Matcher frame) {
      var type = frame.group("type");
      return type.substring(type.lastIndexOf('.') + 1)
          + "."
          + LAMBDA.matcher(frame.group("method")).replaceFirst("$1")
          + "("
          + frame.group("file")
          + ")";
    }
  }

  /** Whose stacks to ask for. */
  enum Stacks {
    NONE,
    SOME,
    ALL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Asks for one. */
  static Snapshot of(long pid, List<Conversation> conversations, Stacks stacks)
      throws IOException, Unreachable {
    var loops = new ArrayList<Loop>();
    var pools = new ArrayList<Pool>();
    int untaken = 0;
    for (var conversation : conversations) {
      conversation.say("tasks", stacks.name());
      untaken += read(conversation, loops, pools);
    }
    return new Snapshot(pid, loops, pools, untaken);
  }

  /** Reads one answer; returns how many stacks were not taken. */
  private static int read(Conversation conversation, List<Loop> loops, List<Pool> pools)
      throws IOException, Unreachable {
    var stacks = new HashMap<String, Stack>();
    var tasks = new ArrayList<Task>();
    var workers = new ArrayList<Pool.Worker>();
    for (var line = conversation.read(); ; line = conversation.read()) {
      switch (line.getFirst()) {
        case "loop" -> {
          tasks = new ArrayList<>();
          loops.add(
              new Loop(
                  line.get(1),
                  line.get(2),
                  Boolean.parseBoolean(line.get(4)),
                  Long.parseLong(line.get(5)),
                  Long.parseLong(line.get(6)),
                  tasks));
        }
        case "stack" -> stacks.put(line.get(1), Stack.of(line));
        case "task" -> tasks.add(Task.of(line, stacks));
        case "pool" -> {
          workers = new ArrayList<>();
          pools.add(Pool.of(line, workers));
        }
        case "worker" -> workers.add(Pool.Worker.of(line));
        case "end" -> {
          return Integer.parseInt(line.get(1));
        }
        default -> {} // of a later version
      }
    }
  }

  Map<String, Object> json(boolean stacks) {
    return json(loops.stream().map(loop -> loop.json(stacks)).toList());
  }

  Map<String, Object> json(List<Map<String, Object>> jsonOfLoops) {
    var json = new LinkedHashMap<String, Object>();
    json.put("pid", pid);
    json.put("loops", jsonOfLoops);
    json.put("pools", pools.stream().map(Pool::json).toList());
    return json;
  }

  /** The texts of the loops and of the pools, with blank lines between. */
  String text(Function<Loop, String> ofLoop, LookOptions style) {
    if (loops.isEmpty() && pools.isEmpty()) {
      return "No event loop runs in process " + pid + " now, and no process pool.";
    }
    return Stream.concat(loops.stream().map(ofLoop), pools.stream().map(pool -> pool.text(style)))
        .collect(Collectors.joining("\n\n"));
  }
}

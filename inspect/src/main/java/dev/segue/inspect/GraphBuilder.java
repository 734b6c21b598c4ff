package dev.segue.inspect;

import dev.segue.DeadlockException;
import dev.segue.LoopSnapshot;
import dev.segue.Task;
import dev.segue.TaskSnapshot;
import dev.segue.Waiting;
import dev.segue.inspect.WaitGraph.Edge;
import dev.segue.inspect.WaitGraph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link WaitGraph} of what the tasks of a loop do. */
final class GraphBuilder {
  /** So many tasks that do the same are still drawn one by one. */
  private static final int MOST_ALIKE = 3;

  private static final int MOST_EDGES = 100_000;
  private static final int MOST_STACKS = 1_000;

  private final LoopSnapshot snapshot;
  private final @Nullable DeadlockException deadlock;
  private final Map<Task<?>, Integer> taskNodes = new HashMap<>();
  private final Map<Object, Integer> things = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Set<Edge> edges = new LinkedHashSet<>();
  private boolean complete;

  GraphBuilder(LoopSnapshot snapshot, @Nullable DeadlockException deadlock) {
    this.snapshot = snapshot;
    this.deadlock = deadlock;
    this.complete = snapshot.complete();
  }

  WaitGraph build(long at) {
    addTasks();
    for (var task : snapshot.tasks()) {
      addWait(task);
    }
    addClosingWait();
    return new WaitGraph(
        snapshot.loop().name(),
        at,
        complete,
        snapshot.tasks().size(),
        nodes,
        List.copyOf(edges),
        new GraphRings(nodes.size(), edges).find(),
        isStuck());
  }

  WaitGraph build(long at, Task<?> ended, long lock) {
    var doing = "ended at " + LoopFacts.text(at);
    taskNodes.put(ended, 0);
    nodes.add(new Node(ended.name(), 1, ended.id(), doing, null, lock));
    return build(at);
  }

  // --- the tasks

  /** What tasks have in common that are one node. */
  private record Alike(
      TaskSnapshot.State state,
      @Nullable Object waitsFor,
      List<Long> targets,
      List<Long> waiters,
      boolean mayTimeOut) {}

  private static Alike alike(TaskSnapshot task, Map<Long, List<Long>> waiters) {
    return new Alike(
        task.state(),
        thing(task),
        task.targets().stream().map(Task::id).toList(),
        waiters.getOrDefault(task.task().id(), List.of()),
        task.mayTimeOut());
  }

  private void addTasks() {
    var waiters = new HashMap<Long, List<Long>>();
    for (var task : snapshot.tasks()) {
      for (var target : task.targets()) {
        waiters.computeIfAbsent(target.id(), _ -> new ArrayList<>()).add(task.task().id());
      }
    }
    var groups = new LinkedHashMap<Object, List<TaskSnapshot>>();
    for (var task : snapshot.tasks()) {
      if (taskNodes.containsKey(task.task())) {
        continue; // it has just ended
      }
      Object key = isInDeadlock(task) ? task : alike(task, waiters);
      groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(task);
    }
    for (var same : groups.values()) {
      if (same.size() > MOST_ALIKE) {
        addNode(same);
      } else {
        same.forEach(task -> addNode(List.of(task)));
      }
    }
  }

  private void addNode(List<TaskSnapshot> same) {
    var first = same.getFirst();
    var line = mayTakeStack(first) ? Frames.first(first.task().stack()) : null;
    same.forEach(task -> taskNodes.put(task.task(), nodes.size()));
    nodes.add(new Node(commonName(same), same.size(), first.task().id(), doing(first), line, 0));
  }

  private boolean isInDeadlock(TaskSnapshot task) {
    return deadlock != null && deadlock.path().contains(task.task());
  }

  /** On the loop only the stacks that matter are taken. */
  private boolean mayTakeStack(TaskSnapshot task) {
    return deadlock == null ? nodes.size() < MOST_STACKS : isInDeadlock(task);
  }

  private static String commonName(List<TaskSnapshot> tasks) {
    var common = tasks.getFirst().task().name();
    for (var task : tasks) {
      var name = task.task().name();
      int same = 0;
      while (same < Math.min(common.length(), name.length())
          && common.charAt(same) == name.charAt(same)) {
        same++;
      }
      common = common.substring(0, same);
    }
    return common.equals(tasks.getFirst().task().name()) ? common : common + "…";
  }

  private static String doing(TaskSnapshot task) {
    return switch (task.state()) {
      case NEW, READY -> "could run";
      case RUNNING -> "runs";
      case WAITING, JDK_WAIT -> task.kind() == Waiting.Kind.SLEEP ? "sleeps" : "waits";
    };
  }

  // --- what they wait for

  private void addWait(TaskSnapshot task) {
    var from = taskNodes.get(task.task());
    var kind = task.kind();
    if (from == null || kind == null || kind == Waiting.Kind.SLEEP) {
      return;
    }
    var thing = thing(task);
    if (!task.targets().isEmpty()) {
      var via = kind == Waiting.Kind.LOCK ? "lock " + task.number() : "";
      for (var target : task.targets()) {
        add(from, node(target), via, kind == Waiting.Kind.TASKS, task.mayTimeOut());
      }
    } else if (thing != null) {
      add(from, node(thing, task), via(kind), false, task.mayTimeOut());
    }
  }

  /** The wait that will not begin, as it would close the ring. */
  private void addClosingWait() {
    if (deadlock == null || deadlock.path().isEmpty()) {
      return;
    }
    var path = deadlock.path();
    var wait = deadlock.waits().getFirst();
    int from = node(path.getFirst());
    int to = node(path.get(1 % path.size()));
    if (edges.stream().noneMatch(edge -> edge.from() == from && edge.to() == to)) {
      add(from, to, wait.kind() == Waiting.Kind.LOCK ? "lock " + wait.number() : "", false, false);
    }
  }

  private void add(int from, int to, String via, boolean any, boolean mayTimeOut) {
    if (edges.size() == MOST_EDGES) {
      complete = false;
    } else {
      edges.add(new Edge(from, to, via, any, mayTimeOut));
    }
  }

  /** The node of a task, which may be of another loop, or have ended since. */
  private int node(Task<?> task) {
    return taskNodes.computeIfAbsent(
        task,
        _ -> {
          nodes.add(new Node(task.name(), 1, task.id(), task.isDone() ? "has ended" : "", null, 0));
          return nodes.size() - 1;
        });
  }

  private record Thing(String what, long number) {}

  /** An object that only itself equals. */
  private record Blocker(Object object) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return other instanceof Blocker(var another) && another == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  /** What a task waits for, if it is no task: equal for tasks that wait for the same. */
  private static @Nullable Object thing(TaskSnapshot task) {
    return switch (task.kind()) {
      case null -> null;
      case SLEEP -> Waiting.Kind.SLEEP;
      case TASK, GROUP, LOCK -> new Thing("", task.number());
      case CONDITION -> new Thing("condition of lock", task.number());
      case SEMAPHORE -> new Thing("semaphore", task.number());
      case EVENT -> new Thing("event", task.number());
      case QUEUE, ROOM, JOIN -> new Thing("queue", task.number());
      case BARRIER -> new Thing("barrier", task.number());
      case TASKS, FUTURE, THREAD, EXECUTOR, INPUT -> new Thing(task.describe(), 0);
      case JDK -> {
        var blocker = task.blocker();
        yield blocker == null ? new Thing("a JDK wait", 0) : new Blocker(blocker);
      }
    };
  }

  private int node(Object thing, TaskSnapshot first) {
    return things.computeIfAbsent(
        thing,
        _ -> {
          nodes.add(node(thing, first.describe()));
          return nodes.size() - 1;
        });
  }

  private static Node node(Object thing, String description) {
    return switch (thing) {
      case Thing(var what, var number) when number > 0 ->
          new Node(what + " " + number, 0, 0, inner(description), null, 0);
      case Thing(var what, _) -> new Node(what, 0, 0, "", null, 0);
      case Blocker(var object) -> new Node(name(object), 0, 0, "its owner is unknown", null, 0);
      default -> new Node(thing.toString(), 0, 0, "", null, 0);
    };
  }

  /** As {@code 0 permits} of {@code semaphore (0 permits)}. */
  private static String inner(String description) {
    int from = description.indexOf('(');
    int to = description.indexOf(')');
    return from < to ? description.substring(from + 1, to) : "";
  }

  /** As {@code ReentrantLock} of {@code java.util.concurrent.locks.ReentrantLock$NonfairSync}. */
  private static String name(Object blocker) {
    var name = blocker.getClass().getName();
    name = name.substring(name.lastIndexOf('.') + 1);
    int inner = name.indexOf('$');
    return inner > 0 ? name.substring(0, inner) : name;
  }

  private static String via(Waiting.Kind kind) {
    return switch (kind) {
      case QUEUE -> "an item";
      case ROOM -> "room";
      case JOIN -> "the last item";
      default -> "";
    };
  }

  // --- what it all means

  private static final Set<Waiting.Kind> BY_TASKS_ALONE =
      Set.of(
          Waiting.Kind.TASK,
          Waiting.Kind.TASKS,
          Waiting.Kind.GROUP,
          Waiting.Kind.LOCK,
          Waiting.Kind.CONDITION,
          Waiting.Kind.SEMAPHORE,
          Waiting.Kind.EVENT,
          Waiting.Kind.QUEUE,
          Waiting.Kind.ROOM,
          Waiting.Kind.JOIN,
          Waiting.Kind.BARRIER);

  private boolean isStuck() {
    return complete
        && !snapshot.loop().handlesSignals()
        && !snapshot.tasks().isEmpty()
        && snapshot.tasks().stream()
            .allMatch(task ->
                task.state() == TaskSnapshot.State.WAITING
                    && task.kind() != null
                    && BY_TASKS_ALONE.contains(task.kind())
                    && !task.mayTimeOut());
  }
}

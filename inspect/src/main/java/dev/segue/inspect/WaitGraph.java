package dev.segue.inspect;

import dev.segue.DeadlockException;
import dev.segue.EventLoop;
import dev.segue.LoopSnapshot;
import dev.segue.Task;
import dev.segue.inspect.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom in a loop, and what holds them up: its tasks, and the semaphores, queues,
 * events, futures and JDK locks that some wait for. A wait for an {@link dev.segue.AsyncLock} leads
 * to the task that holds it. Who will end any other wait is not known, so there the way ends.
 *
 * <p>Tasks that wait for the same, and that nobody waits for, are one node together.
 *
 * @param loop the loop's name
 * @param at when this was, in nanoseconds from the recording's beginning
 * @param complete whether nothing is missing: false where a task held the loop, and something
 *     changed while another thread looked
 * @param tasks how many tasks there were
 * @param nodes the tasks and things
 * @param edges who waits for what
 * @param rings nodes that wait for each other, each for the next, and the last for the first
 * @param stuck whether every task waits for what only tasks bring, and no time-out or signal ends a
 *     wait: if no other thread does something, none will ever go on
 */
public record WaitGraph(
    String loop,
    long at,
    boolean complete,
    int tasks,
    List<Node> nodes,
    List<Edge> edges,
    List<List<Integer>> rings,
    boolean stuck) {
  /**
   * A task, several that do the same, or a thing that tasks wait for.
   *
   * @param name its name; of several tasks what their names begin with
   * @param count how many tasks it stands for; 0 for a thing
   * @param task the id of the task, or of the first; 0 for a thing
   * @param doing what the task does if it waits for nothing that is a node; or what is known of the
   *     thing
   * @param where the line of the program where the task is; null where that is not known
   * @param abandoned the number of the lock that the task held when it ended; 0 for none
   */
  public record Node(
      String name,
      int count,
      long task,
      String doing,
      @Nullable StackTraceElement where,
      long abandoned) {}

  /**
   * A wait.
   *
   * @param from the index of the node that waits
   * @param to the index of the node that it waits for
   * @param via what for, if that is not simply the end of a task: a lock that the other holds, room
   *     in a queue
   * @param any whether the end of any one of several waits will do
   * @param mayTimeOut whether a time-out, or a cancel that is under way, may end it
   */
  public record Edge(int from, int to, String via, boolean any, boolean mayTimeOut) {}

  /** Copies the lists. */
  public WaitGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
    rings = rings.stream().map(List::copyOf).toList();
  }

  /**
   * Returns who waits for whom in a loop now. Any thread; waits up to 100 ms for a loop that is
   * held, and then looks from outside.
   *
   * @param loop the loop
   * @return the graph, with 0 for its time
   */
  public static WaitGraph of(EventLoop loop) {
    Objects.requireNonNull(loop, "loop must not be null");
    return of(loop.snapshot(Duration.ofMillis(100)), 0, null);
  }

  /**
   * Returns who waits for whom as a deadlock is found. To be called where an instrument is told of
   * it: {@link dev.segue.Instrument#deadlocked}.
   *
   * @param deadlock what is about to be thrown
   * @return the graph, with 0 for its time
   */
  public static WaitGraph ofDeadlock(DeadlockException deadlock) {
    Objects.requireNonNull(deadlock, "deadlock must not be null");
    return of(deadlock, 0);
  }

  static WaitGraph of(DeadlockException deadlock, long at) {
    return of(deadlock.path().getFirst().loop().snapshot(Duration.ZERO), at, deadlock);
  }

  /**
   * @param deadlock what is about to be thrown, if that is why: its first task is not in its wait
   *     yet
   */
  static WaitGraph of(LoopSnapshot snapshot, long at, @Nullable DeadlockException deadlock) {
    return new GraphBuilder(snapshot, deadlock).build(at);
  }

  /** The graph as a task has just ended that held a lock. */
  static WaitGraph of(LoopSnapshot snapshot, long at, Task<?> ended, long lock) {
    return new GraphBuilder(snapshot, null).build(at, ended, lock);
  }

  /**
   * Returns whether a time-out will break a ring.
   *
   * @param ring one of the rings
   * @return whether any wait in it may end by itself
   */
  public boolean willBreak(List<Integer> ring) {
    return ringEdges(ring).stream().anyMatch(Edge::mayTimeOut);
  }

  /** The waits of a ring, in its order. */
  List<Edge> ringEdges(List<Integer> ring) {
    var found = new ArrayList<Edge>();
    for (int i = 0; i < ring.size(); i++) {
      int from = ring.get(i);
      int to = ring.get((i + 1) % ring.size());
      edges.stream()
          .filter(edge -> edge.from() == from && edge.to() == to && !edge.any())
          .findFirst()
          .ifPresent(found::add);
    }
    return found;
  }

  /** As {@code 'foo' waits for lock 2, which 'boo' holds; 'boo' waits for 'foo'}. */
  String describe(List<Integer> ring) {
    return ringEdges(ring).stream().map(this::describe).collect(Collectors.joining("; "));
  }

  String describe(Edge edge) {
    var from = nodes.get(edge.from());
    var to = nodes.get(edge.to());
    var waits = title(from) + (from.count() > 1 ? " wait for " : " waits for ");
    if (to.count() == 0) {
      return waits + (edge.via().isEmpty() ? "" : edge.via() + " of ") + to.name();
    }
    return waits
        + (edge.any() ? "any of several, as " : "")
        + (edge.via().isEmpty() ? title(to) : edge.via() + ", which " + title(to) + " holds");
  }

  private static String title(Node node) {
    return node.count() == 0
        ? node.name()
        : "'" + node.name() + "'" + (node.count() > 1 ? " (" + node.count() + " tasks)" : "");
  }

  // --- as text

  /**
   * Returns the graph in words.
   *
   * @return a line for each ring and each wait
   */
  public String text() {
    var text = new StringBuilder();
    text.append("loop '").append(loop).append("': ").append(tasks).append(" tasks");
    text.append(complete ? "\n" : ", seen from outside: incomplete\n");
    for (var ring : rings) {
      text.append("ring: ").append(describe(ring));
      text.append(willBreak(ring) ? " (a time-out will break it)\n" : " (nothing will break it)\n");
    }
    if (stuck) {
      text.append("all tasks wait, and only another thread could wake one\n");
    }
    for (var node : nodes) {
      if (node.abandoned() > 0) {
        text.append(
            "lock %d is held by '%s', which %s%s\n"
                .formatted(node.abandoned(), node.name(), node.doing(), Frames.at(node.where())));
      }
    }
    var waiting = edges.stream().map(Edge::from).collect(Collectors.toSet());
    for (var edge : edges) {
      text.append(describe(edge))
          .append(edge.mayTimeOut() ? ", with a time-out" : "")
          .append(Frames.at(nodes.get(edge.from()).where()))
          .append('\n');
    }
    for (int i = 0; i < nodes.size(); i++) {
      var node = nodes.get(i);
      if (node.count() > 0 && node.abandoned() == 0 && !waiting.contains(i)) {
        text.append(title(node))
            .append(": ")
            .append(node.doing())
            .append(Frames.at(node.where()))
            .append('\n');
      }
    }
    return text.toString();
  }

  // --- as JSON

  /**
   * Returns the graph as JSON.
   *
   * @return an object with this record's components
   */
  public String json() {
    var all = new LinkedHashMap<String, Object>();
    all.put("loop", loop);
    all.put("at", at);
    all.put("complete", complete);
    all.put("tasks", tasks);
    all.put("nodes", nodes.stream().map(WaitGraph::json).toList());
    all.put("edges", edges.stream().map(WaitGraph::json).toList());
    all.put("rings", rings);
    all.put("stuck", stuck);
    return Json.of(all);
  }

  private static Map<String, Object> json(Node node) {
    var all = new LinkedHashMap<String, Object>();
    all.put("name", node.name());
    all.put("count", node.count());
    all.put("task", node.task());
    all.put("doing", node.doing());
    all.put("where", node.where() == null ? "" : Frames.text(node.where()));
    all.put("abandoned", node.abandoned());
    return all;
  }

  private static Map<String, Object> json(Edge edge) {
    var all = new LinkedHashMap<String, Object>();
    all.put("from", edge.from());
    all.put("to", edge.to());
    all.put("via", edge.via());
    all.put("any", edge.any());
    all.put("mayTimeOut", edge.mayTimeOut());
    return all;
  }

  // --- as a drawing

  /**
   * Returns the graph as a drawing, to be used alone or inside a page: who waits stands left of
   * what is waited for, and rings are circles. Its text and lines have the colour of the text
   * around it, rings that of the CSS variable {@code --stall}, and what lies below labels that of
   * {@code --bg}. It has no style, script or identifier of its own.
   *
   * @return an SVG element; names in it are text, whatever they contain
   */
  public String svg() {
    return new GraphSvg(this).draw();
  }
}

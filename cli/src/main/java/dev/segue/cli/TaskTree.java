package dev.segue.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The tasks of a loop as a tree: below a task are those of its groups, and those that it awaits if
 * they are in no group. Each task has one place. Subtrees that are alike are one, with a number.
 */
final class TaskTree {
  /** What is below is a tree of its own, so that a long chain of tasks stays legible. */
  private static final int MOST_LEVELS = 40;

  private static final int MOST_CYCLES = 10;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final boolean places; // whether it is known where tasks are
  private final Map<Long, Snapshot.Task> tasks;
  private final Map<Long, List<Snapshot.Task>> below = new HashMap<>();
  private final Map<Long, List<Long>> waitsFor = new HashMap<>();
  private final List<List<Long>> cycles = new ArrayList<>();
  private final Set<Long> inCycle = new HashSet<>();
  private final Set<Long> placed = new HashSet<>();
  private final Map<List<Object>, Integer> shapes = new HashMap<>();
  private final List<Branch> roots;

  /**
   * A task in the tree, and what is below.
   *
   * @param task the task
   * @param note why nothing is below, if it is not the task's own place; else blank
   * @param children what is below
   * @param shape a number that subtrees have in common which are alike
   */
  private record Node(Snapshot.Task task, String note, List<Branch> children, int shape) {}

  /**
   * Subtrees that are alike.
   *
   * @param nodes the subtrees, of which the first stands for all
   */
  private record Branch(List<Node> nodes) {
    Node first() {
      return nodes.getFirst();
    }

    long longest() {
      return nodes.stream().mapToLong(node -> node.task().waited()).max().orElse(0);
    }
  }

  private TaskTree(Snapshot.Loop loop, boolean places) {
    this.places = places;
    tasks = loop.byId();
    var over = new HashMap<Long, Long>();
    for (var task : loop.tasks()) {
      if (tasks.containsKey(task.parent())) {
        over.put(task.id(), task.parent());
      }
    }
    for (var task : loop.tasks()) {
      if (task.kind().startsWith("task")) { // one, or the next of several
        task.targets().stream()
            .filter(tasks::containsKey)
            .forEach(target -> over.putIfAbsent(target, task.id()));
      }
    }
    for (var task : loop.tasks()) {
      var above = over.get(task.id());
      if (above != null) {
        below.computeIfAbsent(above, _ -> new ArrayList<>()).add(task);
      }
      boolean needsAll = !task.kind().equals("tasks") || task.targets().size() == 1;
      if (needsAll) {
        waitsFor.put(task.id(), task.targets().stream().filter(tasks::containsKey).toList());
      }
    }
    findCycles(loop.tasks());
    var tops = new ArrayList<Node>();
    for (var task : loop.tasks()) {
      if (!over.containsKey(task.id())) {
        tops.add(node(task, 0));
      }
    }
    for (var task : loop.tasks()) { // what is left: cycles without a top, and what is deep below
      if (!placed.contains(task.id())) {
        tops.add(node(task, 0));
      }
    }
    roots = folded(tops);
  }

  private void findCycles(Collection<Snapshot.Task> all) {
    var done = new HashSet<Long>();
    for (var task : all) {
      if (!done.contains(task.id())) {
        findCycles(task.id(), done);
      }
    }
  }

  /** Follows the waits, without recursion: a chain may be as long as there are tasks. */
  private void findCycles(long from, Set<Long> done) {
    var path = new LinkedHashSet<Long>();
    var open = new ArrayDeque<Long>();
    open.push(from);
    while (!open.isEmpty()) {
      long task = open.peek();
      if (done.contains(task)) {
        open.pop();
      } else if (path.add(task)) {
        for (long next : waitsFor.getOrDefault(task, List.of())) {
          if (path.contains(next)) {
            addCycle(path, next);
          } else if (!done.contains(next)) {
            open.push(next);
          }
        }
      } else {
        open.pop();
        path.remove(task);
        done.add(task);
      }
    }
  }

  private void addCycle(Set<Long> path, long from) {
    var cycle = path.stream().dropWhile(task -> task != from).toList();
    inCycle.addAll(cycle);
    if (cycles.size() < MOST_CYCLES) {
      cycles.add(cycle);
    }
  }

  private Node node(Snapshot.Task task, int level) {
    if (!placed.add(task.id())) {
      return new Node(task, "again: a cycle", List.of(), shape(task, List.of()));
    }
    var children = new ArrayList<Node>();
    for (var child : below.getOrDefault(task.id(), List.of())) {
      if (level + 1 < MOST_LEVELS) {
        children.add(node(child, level + 1));
      } else if (!placed.contains(child.id())) {
        children.add(new Node(child, "goes on below", List.of(), -1));
      }
    }
    var branches = folded(children);
    return new Node(task, "", branches, shape(task, branches));
  }

  private int shape(Snapshot.Task task, List<Branch> branches) {
    var key =
        new ArrayList<Object>(
            List.of(
                alike(task.name()),
                task.state(),
                task.kind(),
                task.kind().equals("task") ? alike(task.what()) : task.what(),
                places ? task.stack().where() : "",
                inCycle.contains(task.id())));
    for (var branch : branches) {
      key.add(branch.first().shape());
      key.add(branch.nodes().size());
    }
    return shapes.computeIfAbsent(key, _ -> shapes.size());
  }

  /** A name without its numbers. */
  private static String alike(String name) {
    return NUMBER.matcher(name).replaceAll("…");
  }

  private static List<Branch> folded(List<Node> nodes) {
    var byShape = new LinkedHashMap<Integer, List<Node>>();
    var all = new ArrayList<Branch>();
    for (var node : nodes) {
      var same = node.note().isEmpty() ? byShape.get(node.shape()) : null;
      if (same == null) {
        same = new ArrayList<>();
        all.add(new Branch(same));
        if (node.note().isEmpty()) {
          byShape.put(node.shape(), same);
        }
      }
      same.add(node);
    }
    return all;
  }

  // --- text

  static String text(Snapshot snapshot, LookOptions style) {
    return snapshot.text(loop -> text(loop, snapshot.untaken() == 0, style), style);
  }

  private static String text(Snapshot.Loop loop, boolean places, LookOptions style) {
    var tree = new TaskTree(loop, places);
    var text = new StringBuilder(TaskTable.heading(loop, style));
    for (var cycle : tree.cycles) {
      text.append("\n  ").append(style.styled(tree.text(cycle), Style.fg_red));
    }
    tree.addAll(tree.roots, "", text);
    return text.toString();
  }

  private String text(List<Long> cycle) {
    var names = new ArrayList<String>();
    cycle.forEach(id -> names.add(nameOf(id)));
    names.add(nameOf(cycle.getFirst()));
    return "cycle: " + String.join(" → ", names);
  }

  private String nameOf(long id) {
    var task = tasks.get(id);
    return task == null ? "task " + id : Texts.printable(task.name());
  }

  private void addAll(List<Branch> branches, String indent, StringBuilder text) {
    for (int i = 0; i < branches.size(); i++) {
      var branch = branches.get(i);
      boolean isLast = i == branches.size() - 1;
      text.append('\n').append(indent).append(isLast ? "└─ " : "├─ ").append(label(branch));
      addAll(branch.first().children(), indent + (isLast ? "   " : "│  "), text);
    }
  }

  private String label(Branch branch) {
    var node = branch.first();
    var task = node.task();
    var name = Texts.printable(task.name());
    if (!node.note().isEmpty()) {
      return "↻ ".repeat(inCycle.contains(task.id()) ? 1 : 0) + name + " (" + node.note() + ")";
    }
    int count = branch.nodes().size();
    var label = new StringBuilder(inCycle.contains(task.id()) ? "↻ " : "");
    label.append(count == 1 ? name : alike(name) + " ×" + count);
    label.append(": ").append(task.state().equals("new") ? "not started" : task.state());
    if (task.isWaiting()) {
      label.append(count == 1 ? " " : " up to ").append(Texts.time(branch.longest()));
      var what = count == 1 ? task.waitsFor() : sharedWait(task);
      label.append(task.kind().equals("sleep") ? " in " : " for ").append(Texts.printable(what));
    }
    var where = places || count == 1 ? Texts.printable(task.stack().where()) : "";
    return label.append(where.isEmpty() ? "" : ", at " + where).toString();
  }

  private static String sharedWait(Snapshot.Task task) {
    return switch (task.kind()) {
      case "sleep" -> task.what();
      case "task" -> alike(task.what());
      default -> task.waitsFor();
    };
  }

  // --- JSON

  static Map<String, Object> json(Snapshot snapshot) {
    return snapshot.json(
        snapshot.loops().stream().map(loop -> json(loop, snapshot.untaken() == 0)).toList());
  }

  private static Map<String, Object> json(Snapshot.Loop loop, boolean places) {
    var tree = new TaskTree(loop, places);
    var json = new LinkedHashMap<>(loop.json(false));
    json.remove("tasks");
    json.put("cycles", tree.cycles);
    json.put("tree", json(tree.roots));
    return json;
  }

  private static List<Map<String, Object>> json(List<Branch> branches) {
    return branches.stream().map(TaskTree::json).toList();
  }

  private static Map<String, Object> json(Branch branch) {
    var node = branch.first();
    var json = new LinkedHashMap<>(node.task().json(false));
    json.put("count", branch.nodes().size());
    if (!node.note().isEmpty()) {
      json.put("note", node.note());
    }
    json.put("children", json(node.children()));
    return json;
  }
}

package dev.segue.inspect;

import dev.segue.inspect.WaitGraph.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rings of a graph: of each set of nodes that lead to each other, the shortest way from its
 * first node back. Waits that any of several ends close no ring.
 */
final class GraphRings {
  private static final int NONE = -1;

  private final List<List<Integer>> targets = new ArrayList<>();
  private final int[] order; // of the visit; -1 for none yet
  private final int[] low; // the first node that a node leads back to
  private final int[] set; // which a node belongs to, once known
  private final int[] next; // of its targets, to be visited
  private int visited;
  private int sets;

  GraphRings(int nodes, Collection<Edge> edges) {
    for (int i = 0; i < nodes; i++) {
      targets.add(new ArrayList<>());
    }
    for (var edge : edges) {
      if (!edge.any()) {
        targets.get(edge.from()).add(edge.to());
      }
    }
    next = new int[nodes];
    order = filled(nodes);
    low = filled(nodes);
    set = filled(nodes);
  }

  private static int[] filled(int size) {
    var array = new int[size];
    Arrays.fill(array, NONE);
    return array;
  }

  List<List<Integer>> find() {
    for (int node = 0; node < order.length; node++) {
      if (order[node] == NONE) {
        visit(node);
      }
    }
    var rings = new ArrayList<List<Integer>>();
    var done = new boolean[sets];
    for (int node = 0; node < order.length; node++) {
      if (!done[set[node]]) {
        var ring = shortest(node);
        done[set[node]] = true;
        if (!ring.isEmpty()) {
          rings.add(ring);
        }
      }
    }
    return rings;
  }

  /** Tarjan's search, without recursion: a chain may be as long as there are tasks. */
  private void visit(int start) {
    var path = new ArrayDeque<Integer>();
    var open = new ArrayDeque<Integer>(); // visited, and in no set yet
    enter(start, path, open);
    while (!path.isEmpty()) {
      int node = path.peek();
      if (next[node] < targets.get(node).size()) {
        int target = targets.get(node).get(next[node]++);
        if (order[target] == NONE) {
          enter(target, path, open);
        } else if (set[target] == NONE) {
          low[node] = Math.min(low[node], order[target]);
        }
      } else {
        path.pop();
        if (!path.isEmpty()) {
          low[path.peek()] = Math.min(low[path.peek()], low[node]);
        }
        if (low[node] == order[node]) {
          while (set[node] == NONE) {
            set[open.pop()] = sets;
          }
          sets++;
        }
      }
    }
  }

  private void enter(int node, ArrayDeque<Integer> path, ArrayDeque<Integer> open) {
    order[node] = visited;
    low[node] = visited++;
    path.push(node);
    open.push(node);
  }

  /** The shortest way from a node back to it; empty if there is none. */
  private List<Integer> shortest(int start) {
    var from = new HashMap<Integer, Integer>();
    var open = new ArrayDeque<Integer>(List.of(start));
    while (!open.isEmpty()) {
      int node = open.poll();
      for (int target : targets.get(node)) {
        if (target == start) {
          return way(start, node, from);
        }
        if (set[target] == set[start] && from.putIfAbsent(target, node) == null) {
          open.add(target);
        }
      }
    }
    return List.of();
  }

  private static List<Integer> way(int start, int end, Map<Integer, Integer> from) {
    var way = new ArrayList<Integer>();
    for (int at = end; at != start; at = Objects.requireNonNull(from.get(at))) {
      way.add(at);
    }
    way.add(start);
    return way.reversed();
  }
}

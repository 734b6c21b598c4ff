package dev.segue.inspect;

import dev.segue.inspect.WaitGraph.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Draws a {@link WaitGraph}: each part that hangs together below the others, in columns, so that a
 * node stands left of all that it waits for; in the last column a ring as a circle.
 */
final class GraphSvg {
  private static final int MOST_NODES = 200;
  private static final int WIDTH = 160;
  private static final int HEIGHT = 40;
  private static final int COLUMN = WIDTH + 90;
  private static final int ROW = HEIGHT + 14;
  private static final int MARGIN = 16;
  private static final int TEXT = 21; // characters in a node
  private static final String RING = "var(--stall, #c62828)";

  private record Point(double x, double y) {
    Point towards(Point other, double part) {
      return new Point(x + (other.x - x) * part, y + (other.y - y) * part);
    }
  }

  private final WaitGraph graph;
  private final List<Edge> edges; // those whose ends are drawn
  private final Map<Integer, List<Integer>> ringOf = new HashMap<>();
  private final Map<Integer, Integer> columns = new HashMap<>(); // counted from the last one
  private final Map<Integer, Point> centers = new HashMap<>();
  private final StringBuilder lines = new StringBuilder();
  private final StringBuilder boxes = new StringBuilder();
  private final StringBuilder labels = new StringBuilder();
  private double bottom = MARGIN;
  private double right;

  GraphSvg(WaitGraph graph) {
    this.graph = graph;
    var drawn = choose();
    edges =
        graph.edges().stream()
            .filter(edge -> drawn.contains(edge.from()) && drawn.contains(edge.to()))
            .toList();
    graph.rings().stream()
        .filter(drawn::containsAll)
        .forEach(ring -> ring.forEach(node -> ringOf.put(node, ring)));
    parts(drawn).forEach(this::place);
    edges.forEach(this::drawEdge);
    drawn.stream().sorted().forEach(this::drawNode);
  }

  String draw() {
    int hidden = graph.nodes().size() - centers.size();
    if (hidden > 0) {
      text(boxes, MARGIN, bottom + 14, "start", 13, "and " + hidden + " more, not drawn");
      bottom += ROW;
    }
    double width = Math.max(right, 300) + MARGIN;
    return String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\""
            + " height=\"%.0f\" role=\"img\""
            + " font-family=\"system-ui, sans-serif\"><title>Who waits for whom in loop"
            + " '%s'</title>%n%s%s%s</svg>%n",
        width,
        bottom,
        width,
        bottom,
        escape(graph.loop()),
        lines,
        boxes,
        labels);
  }

  /** The nodes to draw: rings first, then what waits or is waited for. */
  private Set<Integer> choose() {
    var chosen = new HashSet<Integer>();
    graph.rings().forEach(ring -> add(chosen, ring));
    graph.edges().forEach(edge -> add(chosen, List.of(edge.from(), edge.to())));
    for (int node = 0; node < graph.nodes().size(); node++) {
      add(chosen, List.of(node));
    }
    return chosen;
  }

  private static void add(Set<Integer> chosen, List<Integer> nodes) {
    if (chosen.size() + nodes.size() <= MOST_NODES) {
      chosen.addAll(nodes);
    }
  }

  /** The nodes that hang together, the parts with rings first, then the largest. */
  private List<List<Integer>> parts(Set<Integer> drawn) {
    var neighbours = new HashMap<Integer, List<Integer>>();
    for (var edge : edges) {
      neighbours.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(edge.to());
      neighbours.computeIfAbsent(edge.to(), _ -> new ArrayList<>()).add(edge.from());
    }
    var seen = new HashSet<Integer>();
    var parts = new ArrayList<List<Integer>>();
    for (int start : drawn.stream().sorted().toList()) {
      var part = new ArrayList<Integer>();
      if (seen.add(start)) {
        part.add(start);
      }
      for (int i = 0; i < part.size(); i++) {
        neighbours.getOrDefault(part.get(i), List.of()).stream()
            .filter(seen::add)
            .forEach(part::add);
      }
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    parts.sort(
        Comparator.comparingInt((List<Integer> part) -> hasRing(part) ? 0 : 1)
            .thenComparingInt(part -> -part.size()));
    return parts;
  }

  private boolean hasRing(List<Integer> part) {
    return part.stream().anyMatch(ringOf::containsKey);
  }

  // --- where nodes are

  private void place(List<Integer> part) {
    var rings = part.stream().map(ringOf::get).filter(ring -> ring != null).distinct().toList();
    assignColumns(part);
    int last = part.stream().mapToInt(columns::get).max().orElse(0);
    double left = MARGIN + last * COLUMN;
    double y = bottom;
    for (var ring : rings) {
      y = placeRing(ring, left, y);
    }
    double lowest = y;
    for (int column = 0; column <= last; column++) {
      lowest =
          Math.max(
              lowest,
              placeColumn(
                  part, column, MARGIN + (last - column) * COLUMN, column == 0 ? y : bottom));
    }
    bottom = lowest + MARGIN;
  }

  /** How far from the last column a node stands: one more than all that it waits for. */
  private void assignColumns(List<Integer> part) {
    part.forEach(node -> columns.put(node, 0));
    boolean changed = true;
    for (int round = 0; changed && round < part.size(); round++) {
      changed = false;
      for (var edge : edges) {
        int wanted = columns.getOrDefault(edge.to(), 0) + 1;
        if (!ringOf.containsKey(edge.from())
            && columns.getOrDefault(edge.from(), wanted) < wanted
            && wanted < part.size()) {
          columns.put(edge.from(), wanted);
          changed = true;
        }
      }
    }
  }

  /** Returns where the ring ends. */
  private double placeRing(List<Integer> ring, double left, double top) {
    int count = ring.size();
    double radius = count == 1 ? 0 : Math.max(70, count * ROW / (2 * Math.PI) + 30);
    double wide = Math.max(radius, count == 1 ? 0 : 120);
    var center =
        new Point(left + wide + WIDTH / 2.0, top + radius + HEIGHT / 2.0 + (count == 1 ? 10 : 0));
    int front = ring.indexOf(mostWaitedFor(ring)); // where the waiters are: on the left
    for (int i = 0; i < count; i++) {
      double angle = Math.PI + (i - front) * 2 * Math.PI / count;
      put(
          ring.get(i),
          new Point(center.x + wide * Math.cos(angle), center.y + radius * Math.sin(angle)));
    }
    right = Math.max(right, center.x + wide + WIDTH / 2.0 + 60);
    return center.y + radius + HEIGHT / 2.0 + ROW / 2.0;
  }

  private int mostWaitedFor(List<Integer> ring) {
    var waiters =
        edges.stream()
            .filter(edge -> ring.contains(edge.to()) && !ring.contains(edge.from()))
            .collect(Collectors.groupingBy(Edge::to, Collectors.counting()));
    return ring.stream()
        .max(Comparator.comparingLong(node -> waiters.getOrDefault(node, 0L)))
        .orElseThrow();
  }

  /** Places nodes in one column, each beside what it waits for; returns where they end. */
  private double placeColumn(List<Integer> part, int column, double left, double top) {
    var nodes =
        part.stream()
            .filter(node -> columns.getOrDefault(node, 0) == column && !ringOf.containsKey(node))
            .sorted(Comparator.comparingDouble(this::heightOfTargets))
            .toList();
    double y = top + HEIGHT / 2.0;
    for (int node : nodes) {
      if (node == nodes.getFirst()) {
        y = Math.max(y, heightOfTargets(node) - (nodes.size() - 1) * ROW / 2.0);
      }
      var place = nearestInSight(node, new Point(left + WIDTH / 2.0, y));
      put(node, place);
      y = place.y + ROW;
    }
    return y - HEIGHT / 2.0;
  }

  /** A place there or a little below, from where no line goes behind another node, if there is. */
  private Point nearestInSight(int node, Point there) {
    for (int halves = 0; halves <= 4; halves++) {
      var place = new Point(there.x, there.y + halves * ROW / 2.0);
      if (!hasLineBehindNode(node, place)) {
        return place;
      }
    }
    return there;
  }

  /** Whether, if a node is there, another hides a part of its line to what it waits for. */
  private boolean hasLineBehindNode(int node, Point there) {
    return edges.stream()
        .filter(edge -> edge.from() == node && centers.containsKey(edge.to()))
        .map(edge -> centers.get(edge.to()))
        .anyMatch(to -> centers.values().stream().anyMatch(other -> isBetween(there, to, other)));
  }

  private static boolean isBetween(Point from, Point to, Point node) {
    double slope = (to.y - from.y) / (to.x - from.x);
    double passes = from.y + (node.x - from.x) * slope;
    return node.x > from.x
        && node.x < to.x
        && Math.abs(passes - node.y) < (HEIGHT + WIDTH * Math.abs(slope)) / 2.0;
  }

  private double heightOfTargets(int node) {
    return edges.stream()
        .filter(edge -> edge.from() == node)
        .map(edge -> centers.get(edge.to()))
        .filter(Objects::nonNull)
        .mapToDouble(Point::y)
        .average()
        .orElse(0);
  }

  private void put(int node, Point center) {
    centers.put(node, center);
    right = Math.max(right, center.x + WIDTH / 2.0);
  }

  // --- what is drawn

  private void drawNode(int index) {
    var node = graph.nodes().get(index);
    var center = centers.get(index);
    if (center == null) {
      return;
    }
    boolean thing = node.count() == 0;
    boolean hot = ringOf.containsKey(index);
    var where = node.where() == null ? "" : Frames.text(node.where());
    var doing = where.isEmpty() ? node.doing() : where;
    var label = node.count() > 1 ? "×" + node.count() + " " + node.name() : node.name();
    boxes.append("<g><title>").append(escape(label + "\n" + node.doing() + "\n" + where));
    boxes.append("</title>");
    // Below it what hides the lines that pass.
    rectangle(center, thing, "var(--bg, Canvas)", "1", "none", "0");
    var color = hot ? RING : "currentColor";
    rectangle(center, thing, color, hot ? "0.12" : "0.06", color, hot ? "2" : "1");
    boolean two = !doing.isEmpty();
    text(boxes, center.x, center.y + (two ? -3 : 5), "middle", 13, shorten(label, TEXT));
    if (two) {
      text(boxes, center.x, center.y + 13, "middle", 11, shorten(doing, TEXT + 4));
    }
    boxes.append("</g>\n");
  }

  private void rectangle(
      Point center, boolean round, String fill, String opacity, String stroke, String width) {
    boxes.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\""
                + " fill-opacity=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>",
            center.x - WIDTH / 2.0,
            center.y - HEIGHT / 2.0,
            WIDTH,
            HEIGHT,
            round ? HEIGHT / 2 : 5,
            fill,
            opacity,
            stroke,
            width));
  }

  private void drawEdge(Edge edge) {
    var from = centers.get(edge.from());
    var to = centers.get(edge.to());
    if (from == null || to == null) {
      return;
    }
    var ring = ringOf.get(edge.from());
    boolean hot = ring != null && ring.equals(ringOf.get(edge.to())) && !edge.any();
    if (edge.from() == edge.to()) {
      drawLoop(edge, from, hot);
      return;
    }
    var middle = from.towards(to, 0.5);
    double length = distance(from, to);
    // In a ring lines bulge outwards, so that the two of a ring of two do not coincide.
    double bulge = hot ? Math.min(60, length / 3) : 0;
    var bend =
        new Point(
            middle.x + bulge * (to.y - from.y) / length,
            middle.y - bulge * (to.x - from.x) / length);
    var start = border(from, bend);
    var end = border(to, bend);
    line(
        edge,
        hot,
        String.format(
            Locale.ROOT,
            "M%.1f %.1f Q%.1f %.1f %.1f %.1f",
            start.x,
            start.y,
            bend.x,
            bend.y,
            end.x,
            end.y),
        end,
        Math.atan2(end.y - bend.y, end.x - bend.x),
        hot
            ? start.towards(bend, 0.5).towards(bend.towards(end, 0.5), 0.5)
            : above(start.towards(end, Math.min(0.5, 40 / distance(start, end)))));
  }

  private static double distance(Point one, Point other) {
    return Math.hypot(other.x - one.x, other.y - one.y);
  }

  private static Point above(Point point) {
    return new Point(point.x, point.y - 9);
  }

  /** A task that waits for itself. */
  private void drawLoop(Edge edge, Point center, boolean hot) {
    double x = center.x + WIDTH / 2.0;
    line(
        edge,
        hot,
        String.format(
            Locale.ROOT,
            "M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f",
            x,
            center.y + 10,
            x + 60,
            center.y + 30,
            x + 60,
            center.y - 30,
            x,
            center.y - 10),
        new Point(x, center.y - 10),
        Math.PI * 0.9,
        new Point(x + 45, center.y - 16));
  }

  private void line(Edge edge, boolean hot, String path, Point end, double angle, Point label) {
    var color = hot ? RING : "currentColor";
    lines.append(
        String.format(
            Locale.ROOT,
            "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>",
            path,
            color,
            hot ? "2" : "1.2",
            edge.any() || edge.mayTimeOut() ? " stroke-dasharray=\"5 4\"" : ""));
    lines.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.1f %.1f L%.1f %.1f L%.1f %.1f Z\" fill=\"%s\"/>%n",
            end.x,
            end.y,
            end.x - 9 * Math.cos(angle - 0.4),
            end.y - 9 * Math.sin(angle - 0.4),
            end.x - 9 * Math.cos(angle + 0.4),
            end.y - 9 * Math.sin(angle + 0.4),
            color));
    var via = edge.via() + (edge.mayTimeOut() ? " (time-out)" : "") + (edge.any() ? " any" : "");
    if (!via.isBlank()) {
      text(labels, label.x, label.y + 4, "middle", 11, shorten(via.strip(), TEXT));
    }
  }

  /** Where a line from a node's center to another point leaves the node. */
  private static Point border(Point center, Point other) {
    double x = Math.abs(other.x - center.x);
    double y = Math.abs(other.y - center.y);
    double part = Math.min(x == 0 ? 1 : WIDTH / 2.0 / x, y == 0 ? 1 : HEIGHT / 2.0 / y);
    return center.towards(other, Math.min(1, part));
  }

  private static void text(
      StringBuilder to, double x, double y, String anchor, int size, String text) {
    to.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"currentColor\""
                + " stroke=\"var(--bg, Canvas)\" stroke-width=\"3\" stroke-linejoin=\"round\""
                + " paint-order=\"stroke\">%s</text>",
            x,
            y,
            anchor,
            size,
            escape(text)));
  }

  private static String shorten(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** Text for XML, which has no control characters, and no halves of characters. */
  static String escape(String text) {
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '&' -> escaped.append("&amp;");
            case '"' -> escaped.append("&quot;");
            case '\n' -> escaped.append('\n');
            default ->
                escaped.appendCodePoint(
                    c < ' ' || (c >= 0xD800 && c < 0xE000) || c == 0xFFFE || c == 0xFFFF
                        ? '\uFFFD'
                        : c);
          }
        });
    return escaped.toString();
  }
}

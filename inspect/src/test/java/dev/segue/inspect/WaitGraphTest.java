package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.DeadlockException;
import dev.segue.EventLoop;
import dev.segue.TaskGroup;
import dev.segue.inspect.WaitGraph.Edge;
import dev.segue.inspect.WaitGraph.Node;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xml.sax.InputSource;
import traps.Traps;

@Timeout(60)
class WaitGraphTest {
  private static final Duration LONG = Duration.ofDays(1);

  /** The graph at the end of a body, as its task sees it. */
  private static <X extends Throwable> WaitGraph graph(Action<X> body) throws X {
    var graphs = new WaitGraph[1];
    try (var loop = EventLoop.builder().name("main").build()) {
      loop.run(() -> {
        body.run();
        Async.checkpoint();
        graphs[0] = WaitGraph.of(loop);
      });
    }
    keep(graphs[0]);
    return graphs[0];
  }

  /** For a look at it. */
  private static void keep(WaitGraph graph) {
    var folder = System.getProperty("segue.graphs");
    if (folder != null) {
      try {
        var caller = StackWalker.getInstance();
        var name =
            caller.walk(frames ->
                frames
                    .map(StackWalker.StackFrame::getMethodName)
                    .filter(method -> !method.equals("keep") && !method.equals("graph"))
                    .findFirst()
                    .orElseThrow());
        Files.write(Path.of(folder, name + ".svg"), graph.svg().getBytes(StandardCharsets.UTF_8));
        Files.write(Path.of(folder, name + ".txt"), graph.text().getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static List<String> waits(WaitGraph graph) {
    return graph.edges().stream().map(edge -> text(graph, edge)).toList();
  }

  private static String text(WaitGraph graph, Edge edge) {
    var via = edge.via().isEmpty() ? "" : "[" + edge.via() + "] ";
    return graph.nodes().get(edge.from()).name()
        + " -> "
        + via
        + graph.nodes().get(edge.to()).name();
  }

  private static Node node(WaitGraph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itTellsWhoWaitsForWhat() {
    var graph =
        graph(() -> {
          var lock = new AsyncLock();
          var semaphore = new AsyncSemaphore(0);
          var event = new AsyncEvent();
          var queue = AsyncQueue.<String>fifo(1);
          var future = new CompletableFuture<String>();
          var holder =
              Async.createTask(
                  "holder",
                  () -> {
                    try (var _ = lock.acquire()) {
                      Async.sleep(LONG);
                    }
                  });
          Async.createTask("second", () -> lock.acquire().close());
          Async.createTask("permit", () -> semaphore.acquire().close());
          Async.createTask("signal", event::await);
          Async.createTask("item", queue::take);
          Async.createTask("stage", () -> Async.await(future));
          Async.createTask("end", holder::await);
          Async.createTask(
              "either",
              () -> Async.waitFor(List.of(holder), dev.segue.futures.ReturnWhen.ALL_COMPLETED));
        });
    assertThat(graph.complete()).isTrue();
    assertThat(graph.tasks()).isEqualTo(9);
    assertThat(waits(graph))
        .contains(
            "second -> [lock 1] holder",
            "permit -> semaphore 2",
            "signal -> event 3",
            "item -> [an item] queue 4",
            "end -> holder",
            "either -> holder");
    assertThat(waits(graph)).anyMatch(wait -> wait.startsWith("stage -> "));
    assertThat(node(graph, "holder").doing()).isEqualTo("sleeps");
    assertThat(node(graph, "main").doing()).isEqualTo("runs");
    assertThat(graph.rings()).isEmpty();
    assertThat(graph.stuck()).isFalse();
  }

  @Test
  void tasksThatDoTheSameAreOneNode() {
    var graph =
        graph(() -> {
          var lock = new AsyncLock();
          Async.createTask(
              "holder",
              () -> {
                try (var _ = lock.acquire()) {
                  Async.sleep(LONG);
                }
              });
          for (int i = 0; i < 198; i++) {
            Async.createTask("fetch-" + i, () -> lock.acquire().close());
          }
        });
    assertThat(node(graph, "fetch-…").count()).isEqualTo(198);
    assertThat(waits(graph)).containsExactly("fetch-… -> [lock 1] holder");
    assertThat(graph.svg()).contains("×198 fetch-…");
    assertThat(graph.text())
        .contains("'fetch-…' (198 tasks) wait for lock 1, which 'holder' holds");
  }

  @Test
  void theTasksOfAGroupAreFoldedToo() throws Exception {
    try (var loop = EventLoop.builder().name("main").start()) {
      var begun = new CountDownLatch(100);
      var event = new AsyncEvent();
      loop.submit(() ->
          TaskGroup.run(group -> {
            for (int i = 0; i < 100; i++) {
              group.spawn(
                  "part-" + i,
                  () -> {
                    begun.countDown();
                    event.await();
                  });
            }
          }));
      begun.await();
      var graph = WaitGraph.of(loop);
      assertThat(waits(graph)).containsExactly("task-1 -> part-…", "part-… -> event 1");
      assertThat(graph.stuck()).isTrue();
    }
  }

  @Test
  void aRingThatATimeOutBreaksIsARingAllTheSame() {
    var graph =
        graph(() -> {
          var first = new AsyncLock();
          var second = new AsyncLock();
          Async.createTask("foo", () -> both(first, second));
          Async.createTask("boo", () -> Async.timeout(LONG, () -> both(second, first)));
          Async.checkpoint();
          Async.checkpoint();
        });
    assertThat(graph.rings()).hasSize(1);
    assertThat(graph.willBreak(graph.rings().getFirst())).isTrue();
    assertThat(graph.text())
        .contains("ring: 'foo' waits for lock 2, which 'boo' holds; 'boo' waits for lock 1, which")
        .contains("(a time-out will break it)");
  }

  private static void both(AsyncLock one, AsyncLock other) {
    try (var _ = one.acquire()) {
      Async.checkpoint();
      other.acquire().close();
    }
  }

  @Test
  void aDeadlockIsKeptAsItWas() throws Exception {
    var graph = Traps.deadlock(false).loops().getFirst().graphs().getFirst();
    keep(graph);
    assertThat(graph.rings()).singleElement().satisfies(ring -> assertThat(ring).hasSize(2));
    assertThat(graph.willBreak(graph.rings().getFirst())).isFalse();
    assertThat(node(graph, "foo").where()).isNotNull();
    assertThat(waits(graph)).contains("foo -> [lock 2] boo", "boo -> [lock 1] foo", "main -> foo");
  }

  @Test
  void aLockOfATaskThatEndedIsKeptAsItWas() throws Exception {
    var graph = Traps.abandonedLock(false).loops().getFirst().graphs().getFirst();
    keep(graph);
    assertThat(waits(graph)).contains("waiter -> [lock 1] holder");
    assertThat(node(graph, "holder").abandoned()).isEqualTo(1);
    assertThat(graph.text())
        .containsPattern("\\nlock 1 is held by 'holder', which ended at [0-9.]+ ms\\n");
    assertThat(graph.json()).contains("\"abandoned\":1");
    assertThat(graph.svg()).contains("holder", "ended at ");
  }

  @Test
  void aTaskThatWaitsForItselfIsARing() {
    var recorder = new Recorder();
    try (var loop = EventLoop.builder().instrument(recorder.forNewLoop()).build()) {
      loop.run(() -> {
        var lock = new AsyncLock();
        var _ = lock.acquire();
        assertThatThrownBy(lock::acquire).isInstanceOf(DeadlockException.class);
      });
    }
    var graph = recorder.recording().loops().getFirst().graphs().getFirst();
    keep(graph);
    assertThat(graph.rings()).containsExactly(List.of(0));
    assertThat(waits(graph)).containsExactly("main -> [lock 1] main");
  }

  @Test
  void aWaitOfTheJdksLeadsToWhatItIsFor() throws Exception {
    var lock = new ReentrantLock();
    lock.lock();
    var begun = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("main").start()) {
      var task =
          loop.submit(() -> {
            begun.countDown();
            lock.lock();
            lock.unlock();
          });
      begun.await();
      while (!lock.hasQueuedThreads()) {
        Thread.onSpinWait();
      }
      var graph = WaitGraph.of(loop);
      lock.unlock();
      task.get();
      assertThat(waits(graph)).containsExactly("task-1 -> ReentrantLock");
      assertThat(node(graph, "ReentrantLock").doing()).isEqualTo("its owner is unknown");
      assertThat(graph.stuck()).isFalse();
    }
  }

  @Test
  void aLoopThatIsHeldIsSeenFromOutside() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var loop = EventLoop.builder().name("main").stallThreshold(Duration.ZERO).start()) {
      loop.submit(() -> {
        begun.countDown();
        while (release.getCount() > 0) {
          Thread.onSpinWait();
        }
      });
      begun.await();
      var graph = WaitGraph.of(loop);
      release.countDown();
      assertThat(graph.complete()).isTrue(); // nothing has changed meanwhile
      assertThat(graph.text()).contains("'task-1': runs").doesNotContain("incomplete");
    }
  }

  @Test
  void namesAreTextInEveryForm() throws Exception {
    var name = "<script>&\"'\u0000\ud800\n\ufffe𝄞";
    var graph =
        graph(() -> {
          var lock = new AsyncLock();
          var lease = lock.acquire();
          Async.createTask(name, () -> lock.acquire().close());
          Async.checkpoint();
          Async.createTask("free", () -> lease.toString());
        });
    assertThat(graph.svg()).doesNotContain("<script>");
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(graph.svg())));
    assertThat(document.getDocumentElement().getTextContent()).contains("<script>&\"'\uFFFD");
    assertThat(graph.json()).contains("\"name\":\"<script>&\\\"'\\u0000\\ud800\\u000a");
  }

  @Test
  void aLargeGraphIsDrawnInPartAndAtOnce() {
    var graph =
        graph(() -> {
          var all = new ArrayList<dev.segue.Task<?>>();
          for (int i = 0; i < 20_000; i++) {
            int before = i - 1;
            all.add(
                Async.createTask(
                    "chain-" + i,
                    () -> {
                      if (before >= 0) {
                        all.get(before).await();
                      } else {
                        Async.sleep(LONG);
                      }
                    }));
          }
        });
    assertThat(graph.nodes()).hasSize(20_001);
    assertThat(graph.edges()).hasSize(19_999);
    assertThat(graph.svg()).contains("more, not drawn").hasSizeLessThan(200_000);
  }

  @Test
  void manyThingsAreDrawnWithoutOverlap() {
    var graph =
        graph(() -> {
          var locks = List.of(new AsyncLock(), new AsyncLock(), new AsyncLock());
          for (int i = 0; i < 3; i++) {
            int own = i;
            Async.createTask(
                List.of("transfer", "audit", "report").get(i),
                () -> Async.timeout(LONG, () -> both(locks.get(own), locks.get((own + 1) % 3))));
          }
          Async.checkpoint();
          for (int i = 0; i < 12; i++) {
            Async.createTask("fetch-" + i, () -> locks.get(1).acquire().close());
          }
          var semaphore = new AsyncSemaphore(0);
          var gate = Async.createTask("gate", () -> semaphore.acquire().close());
          var first = Async.createTask("first", gate::await);
          Async.createTask("second", gate::await);
          Async.createTask("gather", () -> Async.gather(first::await, gate::await));
          Async.checkpoint();
          Async.checkpoint();
        });
    assertThat(graph.rings()).hasSize(1);
    assertThat(graph.rings().getFirst()).hasSize(3);
  }

  @Test
  void noLineGoesBehindANode() {
    // 'main' waits for both others, of which one waits for the other: all might be in one row.
    var svg =
        new WaitGraph(
                "main",
                0,
                true,
                3,
                List.of(named("main"), named("first"), named("second")),
                List.of(line(0, 1), line(0, 2), line(1, 2)),
                List.of(),
                false)
            .svg();
    var boxes =
        Pattern.compile("<rect x=\"(\\S+)\" y=\"(\\S+)\" width=\"(\\d+)\" height=\"(\\d+)\"")
            .matcher(svg)
            .results()
            .map(box ->
                new Rectangle2D.Double(
                    number(box, 1), number(box, 2), number(box, 3), number(box, 4)))
            .distinct()
            .toList();
    var lines =
        Pattern.compile("\"M(\\S+) (\\S+) Q\\S+ \\S+ (\\S+) (\\S+)\"")
            .matcher(svg)
            .results()
            .map(line ->
                new Line2D.Double(
                    number(line, 1), number(line, 2), number(line, 3), number(line, 4)))
            .toList();
    assertThat(boxes).hasSize(3);
    assertThat(lines).hasSize(3);
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(boxes)
                .filteredOn(box -> !touches(box, line.getP1()) && !touches(box, line.getP2()))
                .noneMatch(line::intersects)
                .hasSize(1));
  }

  private static Node named(String name) {
    return new Node(name, 1, 1, "", null, 0);
  }

  private static Edge line(int from, int to) {
    return new Edge(from, to, "", false, false);
  }

  private static double number(MatchResult found, int group) {
    return Double.parseDouble(found.group(group));
  }

  private static boolean touches(Rectangle2D box, Point2D end) {
    return box.intersects(end.getX() - 1, end.getY() - 1, 2, 2);
  }

  @Test
  void aRingIsFoundInALongChain() {
    var edges = new ArrayList<Edge>();
    for (int i = 0; i < 100_000; i++) {
      edges.add(new Edge(i, i + 1, "", false, false));
    }
    edges.add(new Edge(100_000, 99_990, "", false, false));
    edges.add(new Edge(5, 4, "", true, false)); // any of several
    var rings = new GraphRings(100_001, edges).find();
    assertThat(rings).singleElement().satisfies(ring -> assertThat(ring).hasSize(11));
  }

  @Test
  void itEndsWithTheLoop() {
    var loop = EventLoop.builder().name("closed").build();
    loop.close();
    assertThat(WaitGraph.of(loop).nodes()).isEmpty();
    assertThat(WaitGraph.of(loop).svg()).startsWith("<svg").contains("loop 'closed'");
    assertThatThrownBy(() -> WaitGraph.of(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("loop must not be null");
  }
}

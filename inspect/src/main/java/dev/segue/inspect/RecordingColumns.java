package dev.segue.inspect;

import dev.segue.Stall;
import dev.segue.Waiting;
import dev.segue.Wake;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What of a {@link Recording} is in which of the {@link Columns} of its file. */
final class RecordingColumns {
  private RecordingColumns() {}

  private static <T> List<T> rows(int count, IntFunction<T> row) {
    return IntStream.range(0, count).mapToObj(row).toList();
  }

  static Columns of(Recording recording) {
    var columns = new Columns();
    var one = List.of(recording);
    var began = recording.began();
    var secondsAndNanos = List.of(began.getEpochSecond(), (long) began.getNano());
    columns.putNumbers("recording.began", secondsAndNanos, Long::longValue);
    columns.putNumbers("recording.length", one, it -> it.length().toNanos());
    var loops = recording.loops();
    columns.putTexts("loops.name", loops, LoopRecording::name);
    columns.putNumbers("loops.tasks", loops, loop -> loop.tasks().size());
    columns.putNumbers("loops.spans", loops, loop -> loop.spans().size());
    columns.putNumbers("loops.lostEvents", loops, LoopRecording::lostEvents);
    columns.putNumbers("loops.lostTasks", loops, LoopRecording::lostTasks);
    putTasks(columns, loops.stream().flatMap(loop -> loop.tasks().stream()).toList());
    putSpans(columns, loops.stream().flatMap(loop -> loop.spans().stream()).toList());
    putNotes(columns, loops);
    putGraphs(columns, loops);
    putPools(columns, recording.pools());
    putThreads(columns, recording.threads());
    putMarks(columns, recording.marks());
    putUpdates(columns, recording.lostUpdates());
    return columns;
  }

  private static void putTasks(Columns columns, List<TaskRecord> tasks) {
    columns.putNumbers("tasks.id", tasks, TaskRecord::id);
    columns.putTexts("tasks.name", tasks, TaskRecord::name);
    columns.putNumbers("tasks.parent", tasks, TaskRecord::parent);
    columns.putNumbers("tasks.created", tasks, task -> task.created().toNanos());
    columns.putConstants("tasks.ending", tasks, Ending.class, TaskRecord::ending);
    columns.putNumbers("tasks.ended", tasks, task -> task.ended().toNanos());
    columns.putNumbers("tasks.steps", tasks, TaskRecord::steps);
    columns.putNumbers("tasks.running", tasks, task -> task.running().toNanos());
    columns.putNumbers("tasks.ready", tasks, task -> task.ready().toNanos());
    columns.putNumbers("tasks.waiting", tasks, task -> task.waiting().toNanos());
    columns.putNumbers("tasks.longestStep", tasks, task -> task.longestStep().toNanos());
    columns.putNumbers("tasks.yields", tasks, TaskRecord::yields);
    columns.putFrames("tasks.createdAt", tasks, TaskRecord::createdAt);
    columns.putFrames("tasks.waitedAt", tasks, TaskRecord::waitedAt);
    columns.putFrames("tasks.yieldedAt", tasks, TaskRecord::yieldedAt);
  }

  private static void putSpans(Columns columns, List<Span> spans) {
    columns.putNumbers("spans.task", spans, Span::task);
    columns.putConstants("spans.state", spans, State.class, Span::state);
    // Spans follow each other closely in the order of their ends.
    columns.putNumbers("spans.to", spans, Span::to);
    columns.putNumbers("spans.nanos", spans, Span::nanos);
    columns.putConstants("spans.waitsFor", spans, Waiting.Kind.class, Span::waitsFor);
    columns.putNumbers("spans.number", spans, Span::number);
    columns.putConstants("spans.wokenBy", spans, Wake.class, Span::wokenBy);
    columns.putNumbers("spans.waker", spans, Span::waker);
  }

  static Recording recording(Columns columns) throws IOException {
    int rows = columns.rows("loops.name");
    var names = columns.texts("loops.name", rows);
    var tasks = columns.parts("loops.tasks", rows, tasks(columns));
    var spans = columns.parts("loops.spans", rows, spans(columns));
    var stalls = columns.parts("loops.stalls", rows, stalls(columns));
    var failures = columns.parts("loops.failures", rows, failures(columns));
    var graphs = columns.parts("loops.graphs", rows, graphs(columns));
    var lostEvents = columns.numbers("loops.lostEvents", rows);
    var lostTasks = columns.numbers("loops.lostTasks", rows);
    var loops =
        rows(
            rows,
            i ->
                new LoopRecording(
                    names.get(i),
                    tasks.get(i),
                    spans.get(i),
                    stalls.get(i),
                    failures.get(i),
                    graphs.get(i),
                    lostEvents.get(i),
                    lostTasks.get(i)));
    var secondsAndNanos = columns.numbers("recording.began", 2);
    var began = Instant.ofEpochSecond(secondsAndNanos.getFirst(), secondsAndNanos.getLast());
    var length = Duration.ofNanos(columns.numbers("recording.length", 1).getFirst());
    return new Recording(
        began, length, loops, pools(columns), threads(columns), marks(columns), updates(columns));
  }

  private static List<TaskRecord> tasks(Columns columns) throws IOException {
    int rows = columns.rows("tasks.id");
    var ids = columns.numbers("tasks.id", rows);
    var names = columns.texts("tasks.name", rows);
    var parents = columns.numbers("tasks.parent", rows);
    var created = columns.numbers("tasks.created", rows);
    var endings = columns.constants("tasks.ending", rows, Ending.class);
    var ended = columns.numbers("tasks.ended", rows);
    var steps = columns.numbers("tasks.steps", rows);
    var running = columns.numbers("tasks.running", rows);
    var ready = columns.numbers("tasks.ready", rows);
    var waiting = columns.numbers("tasks.waiting", rows);
    var longestSteps = columns.numbers("tasks.longestStep", rows);
    var yields = columns.numbers("tasks.yields", rows);
    var createdAt = columns.frames("tasks.createdAt", rows);
    var waitedAt = columns.frames("tasks.waitedAt", rows);
    var yieldedAt = columns.frames("tasks.yieldedAt", rows);
    return rows(
        rows,
        i ->
            new TaskRecord(
                ids.get(i),
                names.get(i),
                parents.get(i),
                Duration.ofNanos(created.get(i)),
                Objects.requireNonNullElse(endings.get(i), Ending.NONE),
                Duration.ofNanos(ended.get(i)),
                steps.get(i),
                Duration.ofNanos(running.get(i)),
                Duration.ofNanos(ready.get(i)),
                Duration.ofNanos(waiting.get(i)),
                Duration.ofNanos(longestSteps.get(i)),
                yields.get(i),
                createdAt.get(i),
                waitedAt.get(i),
                yieldedAt.get(i)));
  }

  private static List<Span> spans(Columns columns) throws IOException {
    int rows = columns.rows("spans.task");
    var tasks = columns.numbers("spans.task", rows);
    var states = columns.constants("spans.state", rows, State.class);
    var ends = columns.numbers("spans.to", rows);
    var nanos = columns.numbers("spans.nanos", rows);
    var kinds = columns.constants("spans.waitsFor", rows, Waiting.Kind.class);
    var numbers = columns.numbers("spans.number", rows);
    var wakes = columns.constants("spans.wokenBy", rows, Wake.class);
    var wakers = columns.numbers("spans.waker", rows);
    return rows(
        rows,
        i ->
            new Span(
                tasks.get(i),
                Objects.requireNonNullElse(states.get(i), State.WAITING),
                ends.get(i) - nanos.get(i),
                ends.get(i),
                kinds.get(i),
                numbers.get(i),
                wakes.get(i),
                wakers.get(i)));
  }

  // --- notes of a loop

  private static void putNotes(Columns columns, List<LoopRecording> loops) {
    columns.putNumbers("loops.stalls", loops, loop -> loop.stalls().size());
    columns.putNumbers("loops.failures", loops, loop -> loop.failures().size());
    var stalls = loops.stream().flatMap(loop -> loop.stalls().stream()).toList();
    columns.putNumbers("stalls.task", stalls, StallRecord::task);
    columns.putNumbers("stalls.from", stalls, StallRecord::from);
    columns.putNumbers("stalls.to", stalls, StallRecord::to);
    columns.putConstants("stalls.cause", stalls, Stall.Cause.class, StallRecord::cause);
    putStacks(columns, "stalls.stack", stalls.stream().map(StallRecord::stack).toList());
    var failures = loops.stream().flatMap(loop -> loop.failures().stream()).toList();
    columns.putNumbers("failures.task", failures, FailureRecord::task);
    columns.putTexts("failures.name", failures, FailureRecord::name);
    columns.putNumbers("failures.at", failures, FailureRecord::at);
    columns.putTexts("failures.failure", failures, FailureRecord::failure);
    columns.putFlags("failures.end", failures, FailureRecord::end);
    putStacks(columns, "failures.stack", failures.stream().map(FailureRecord::stack).toList());
  }

  private static void putStacks(
      Columns columns, String name, List<List<StackTraceElement>> stacks) {
    columns.putNumbers(name, stacks, List::size);
    columns.putFrames(
        name + ".frames", stacks.stream().flatMap(List::stream).toList(), frame -> frame);
  }

  private static List<List<StackTraceElement>> stacks(Columns columns, String name, int rows)
      throws IOException {
    var frames = columns.frames(name + ".frames", columns.rowsOfFrames(name + ".frames"));
    return columns.parts(name, rows, known(name, frames));
  }

  private static List<StackTraceElement> known(
      String name, List<@Nullable StackTraceElement> frames) throws IOException {
    var known = new ArrayList<StackTraceElement>();
    for (var frame : frames) {
      if (frame == null) {
        throw new IOException("a frame of " + name + " has no class");
      }
      known.add(frame);
    }
    return known;
  }

  private static List<StallRecord> stalls(Columns columns) throws IOException {
    int rows = columns.rows("stalls.task");
    var tasks = columns.numbers("stalls.task", rows);
    var from = columns.numbers("stalls.from", rows);
    var to = columns.numbers("stalls.to", rows);
    var causes = columns.constants("stalls.cause", rows, Stall.Cause.class);
    var stacks = stacks(columns, "stalls.stack", rows);
    return rows(
        rows,
        i ->
            new StallRecord(
                tasks.get(i),
                from.get(i),
                to.get(i),
                Objects.requireNonNullElse(causes.get(i), Stall.Cause.CPU),
                stacks.get(i)));
  }

  private static List<FailureRecord> failures(Columns columns) throws IOException {
    int rows = columns.rows("failures.task");
    var tasks = columns.numbers("failures.task", rows);
    var names = columns.texts("failures.name", rows);
    var at = columns.numbers("failures.at", rows);
    var texts = columns.texts("failures.failure", rows);
    var ends = columns.flags("failures.end", rows);
    var stacks = stacks(columns, "failures.stack", rows);
    return rows(
        rows,
        i ->
            new FailureRecord(
                tasks.get(i), names.get(i), at.get(i), texts.get(i), ends.get(i), stacks.get(i)));
  }

  // --- who waits for whom

  private static void putGraphs(Columns columns, List<LoopRecording> loops) {
    columns.putNumbers("loops.graphs", loops, loop -> loop.graphs().size());
    var graphs = loops.stream().flatMap(loop -> loop.graphs().stream()).toList();
    columns.putTexts("graphs.loop", graphs, WaitGraph::loop);
    columns.putNumbers("graphs.at", graphs, WaitGraph::at);
    columns.putFlags("graphs.complete", graphs, WaitGraph::complete);
    columns.putNumbers("graphs.tasks", graphs, WaitGraph::tasks);
    columns.putFlags("graphs.stuck", graphs, WaitGraph::stuck);
    columns.putNumbers("graphs.nodes", graphs, graph -> graph.nodes().size());
    columns.putNumbers("graphs.edges", graphs, graph -> graph.edges().size());
    columns.putNumbers("graphs.rings", graphs, graph -> graph.rings().size());
    var nodes = graphs.stream().flatMap(graph -> graph.nodes().stream()).toList();
    columns.putTexts("nodes.name", nodes, WaitGraph.Node::name);
    columns.putNumbers("nodes.count", nodes, WaitGraph.Node::count);
    columns.putNumbers("nodes.task", nodes, WaitGraph.Node::task);
    columns.putTexts("nodes.doing", nodes, WaitGraph.Node::doing);
    columns.putFrames("nodes.where", nodes, WaitGraph.Node::where);
    columns.putNumbers("nodes.abandoned", nodes, WaitGraph.Node::abandoned);
    var edges = graphs.stream().flatMap(graph -> graph.edges().stream()).toList();
    columns.putNumbers("edges.from", edges, WaitGraph.Edge::from);
    columns.putNumbers("edges.to", edges, WaitGraph.Edge::to);
    columns.putTexts("edges.via", edges, WaitGraph.Edge::via);
    columns.putFlags("edges.any", edges, WaitGraph.Edge::any);
    columns.putFlags("edges.mayTimeOut", edges, WaitGraph.Edge::mayTimeOut);
    var rings = graphs.stream().flatMap(graph -> graph.rings().stream()).toList();
    columns.putNumbers("rings.nodes", rings, List::size);
    columns.putNumbers(
        "rings.node", rings.stream().flatMap(List::stream).toList(), Integer::longValue);
  }

  private static List<WaitGraph> graphs(Columns columns) throws IOException {
    int rows = columns.rows("graphs.loop");
    var loops = columns.texts("graphs.loop", rows);
    var at = columns.numbers("graphs.at", rows);
    var complete = columns.flags("graphs.complete", rows);
    var tasks = columns.numbers("graphs.tasks", rows);
    var stuck = columns.flags("graphs.stuck", rows);
    var nodes = columns.parts("graphs.nodes", rows, nodes(columns));
    var edges = columns.parts("graphs.edges", rows, edges(columns));
    var rings = columns.parts("graphs.rings", rows, rings(columns));
    return rows(
        rows,
        i ->
            new WaitGraph(
                loops.get(i),
                at.get(i),
                complete.get(i),
                tasks.get(i).intValue(),
                nodes.get(i),
                edges.get(i),
                rings.get(i),
                stuck.get(i)));
  }

  private static List<WaitGraph.Node> nodes(Columns columns) throws IOException {
    int rows = columns.rows("nodes.name");
    var names = columns.texts("nodes.name", rows);
    var counts = columns.numbers("nodes.count", rows);
    var tasks = columns.numbers("nodes.task", rows);
    var doing = columns.texts("nodes.doing", rows);
    var where = columns.frames("nodes.where", rows);
    var abandoned = columns.numbers("nodes.abandoned", rows);
    return rows(
        rows,
        i ->
            new WaitGraph.Node(
                names.get(i),
                counts.get(i).intValue(),
                tasks.get(i),
                doing.get(i),
                where.get(i),
                abandoned.get(i)));
  }

  private static List<WaitGraph.Edge> edges(Columns columns) throws IOException {
    int rows = columns.rows("edges.from");
    var from = columns.numbers("edges.from", rows);
    var to = columns.numbers("edges.to", rows);
    var via = columns.texts("edges.via", rows);
    var any = columns.flags("edges.any", rows);
    var mayTimeOut = columns.flags("edges.mayTimeOut", rows);
    return rows(
        rows,
        i ->
            new WaitGraph.Edge(
                from.get(i).intValue(),
                to.get(i).intValue(),
                via.get(i),
                any.get(i),
                mayTimeOut.get(i)));
  }

  private static List<List<Integer>> rings(Columns columns) throws IOException {
    var nodes = columns.numbers("rings.node", columns.rows("rings.node"));
    return columns.parts(
        "rings.nodes", columns.rows("rings.nodes"), nodes.stream().map(Long::intValue).toList());
  }

  // --- pools, threads and marks

  private static void putPools(Columns columns, List<PoolRecording> pools) {
    columns.putTexts("pools.name", pools, PoolRecording::name);
    columns.putNumbers("pools.tasks", pools, pool -> pool.tasks().size());
    columns.putNumbers("pools.workers", pools, pool -> pool.workers().size());
    columns.putNumbers("pools.lostTasks", pools, PoolRecording::lostTasks);
    var tasks = pools.stream().flatMap(pool -> pool.tasks().stream()).toList();
    columns.putNumbers("poolTasks.id", tasks, PoolTaskRecord::id);
    columns.putTexts("poolTasks.name", tasks, PoolTaskRecord::name);
    columns.putTexts("poolTasks.submitter", tasks, PoolTaskRecord::submitter);
    columns.putNumbers("poolTasks.submitted", tasks, PoolTaskRecord::submitted);
    columns.putNumbers("poolTasks.began", tasks, PoolTaskRecord::began);
    columns.putNumbers("poolTasks.ended", tasks, PoolTaskRecord::ended);
    columns.putTexts("poolTasks.worker", tasks, PoolTaskRecord::worker);
    columns.putConstants("poolTasks.ending", tasks, Ending.class, PoolTaskRecord::ending);
    var workers = pools.stream().flatMap(pool -> pool.workers().stream()).toList();
    columns.putTexts("workers.name", workers, WorkerRecord::name);
    columns.putNumbers("workers.from", workers, WorkerRecord::from);
    columns.putNumbers("workers.to", workers, WorkerRecord::to);
  }

  private static List<PoolRecording> pools(Columns columns) throws IOException {
    int rows = columns.rows("pools.name");
    var names = columns.texts("pools.name", rows);
    var tasks = columns.parts("pools.tasks", rows, poolTasks(columns));
    var workers = columns.parts("pools.workers", rows, workers(columns));
    var lost = columns.numbers("pools.lostTasks", rows);
    return rows(
        rows, i -> new PoolRecording(names.get(i), tasks.get(i), workers.get(i), lost.get(i)));
  }

  private static List<PoolTaskRecord> poolTasks(Columns columns) throws IOException {
    int rows = columns.rows("poolTasks.id");
    var ids = columns.numbers("poolTasks.id", rows);
    var names = columns.texts("poolTasks.name", rows);
    var submitters = columns.texts("poolTasks.submitter", rows);
    var submitted = columns.numbers("poolTasks.submitted", rows);
    var began = columns.numbers("poolTasks.began", rows);
    var ended = columns.numbers("poolTasks.ended", rows);
    var workers = columns.texts("poolTasks.worker", rows);
    var endings = columns.constants("poolTasks.ending", rows, Ending.class);
    return rows(
        rows,
        i ->
            new PoolTaskRecord(
                ids.get(i),
                names.get(i),
                submitters.get(i),
                submitted.get(i),
                began.get(i),
                ended.get(i),
                workers.get(i),
                Objects.requireNonNullElse(endings.get(i), Ending.NONE)));
  }

  private static List<WorkerRecord> workers(Columns columns) throws IOException {
    int rows = columns.rows("workers.name");
    var names = columns.texts("workers.name", rows);
    var from = columns.numbers("workers.from", rows);
    var to = columns.numbers("workers.to", rows);
    return rows(rows, i -> new WorkerRecord(names.get(i), from.get(i), to.get(i)));
  }

  private static void putThreads(Columns columns, List<ThreadRecording> threads) {
    columns.putTexts("threads.group", threads, ThreadRecording::group);
    columns.putTexts("threads.name", threads, ThreadRecording::name);
    columns.putNumbers("threads.id", threads, ThreadRecording::id);
    columns.putNumbers("threads.periods", threads, thread -> thread.spans().size());
    var periods = threads.stream().flatMap(thread -> thread.spans().stream()).toList();
    columns.putConstants("periods.state", periods, State.class, ThreadRecording.Period::state);
    columns.putNumbers("periods.from", periods, ThreadRecording.Period::from);
    columns.putNumbers("periods.to", periods, ThreadRecording.Period::to);
    columns.putTexts("periods.doing", periods, ThreadRecording.Period::doing);
  }

  private static List<ThreadRecording> threads(Columns columns) throws IOException {
    int rows = columns.rows("threads.name");
    var groups = columns.texts("threads.group", rows);
    var names = columns.texts("threads.name", rows);
    var ids = columns.numbers("threads.id", rows);
    var periods = columns.parts("threads.periods", rows, periods(columns));
    return rows(
        rows, i -> new ThreadRecording(groups.get(i), names.get(i), ids.get(i), periods.get(i)));
  }

  private static List<ThreadRecording.Period> periods(Columns columns) throws IOException {
    int rows = columns.rows("periods.from");
    var states = columns.constants("periods.state", rows, State.class);
    var from = columns.numbers("periods.from", rows);
    var to = columns.numbers("periods.to", rows);
    var doing = columns.texts("periods.doing", rows);
    return rows(
        rows,
        i ->
            new ThreadRecording.Period(
                Objects.requireNonNullElse(states.get(i), State.WAITING),
                from.get(i),
                to.get(i),
                doing.get(i)));
  }

  private static void putMarks(Columns columns, List<Mark> marks) {
    columns.putNumbers("marks.at", marks, Mark::at);
    columns.putTexts("marks.text", marks, Mark::text);
    columns.putNumbers("marks.thread", marks, Mark::thread);
    columns.putNumbers("marks.loop", marks, mark -> mark.loop() == null ? 0 : 1 + mark.loop());
    columns.putNumbers("marks.task", marks, Mark::task);
  }

  private static List<Mark> marks(Columns columns) throws IOException {
    int rows = columns.rows("marks.at");
    var at = columns.numbers("marks.at", rows);
    var texts = columns.texts("marks.text", rows);
    var threads = columns.numbers("marks.thread", rows);
    var loops = columns.numbers("marks.loop", rows);
    var tasks = columns.numbers("marks.task", rows);
    return rows(
        rows,
        i ->
            new Mark(
                at.get(i),
                texts.get(i),
                threads.get(i),
                loops.get(i) == 0 ? null : (Integer) (int) (loops.get(i) - 1),
                tasks.get(i)));
  }

  // --- lost updates

  private static void putUpdates(Columns columns, List<LostUpdate> updates) {
    columns.putTexts("updates.field", updates, LostUpdate::field);
    columns.putNumbers("updates.count", updates, LostUpdate::count);
    putAccesses(columns, "updates.read", updates.stream().map(LostUpdate::read).toList());
    putAccesses(
        columns, "updates.overwritten", updates.stream().map(LostUpdate::overwritten).toList());
    putAccesses(columns, "updates.write", updates.stream().map(LostUpdate::write).toList());
  }

  private static void putAccesses(Columns columns, String name, List<Access> accesses) {
    columns.putNumbers(name + ".at", accesses, Access::at);
    columns.putTexts(name + ".who", accesses, Access::who);
    columns.putNumbers(name + ".thread", accesses, Access::thread);
    columns.putNumbers(name + ".loop", accesses, Access::loop);
    columns.putNumbers(name + ".task", accesses, Access::task);
    columns.putFrames(name + ".where", accesses, Access::where);
  }

  private static List<LostUpdate> updates(Columns columns) throws IOException {
    int rows = columns.rows("updates.field");
    var fields = columns.texts("updates.field", rows);
    var counts = columns.numbers("updates.count", rows);
    var reads = accesses(columns, "updates.read", rows);
    var overwritten = accesses(columns, "updates.overwritten", rows);
    var writes = accesses(columns, "updates.write", rows);
    return rows(
        rows,
        i ->
            new LostUpdate(
                fields.get(i),
                reads.get(i),
                overwritten.get(i),
                writes.get(i),
                counts.get(i).intValue()));
  }

  private static List<Access> accesses(Columns columns, String name, int rows) throws IOException {
    var at = columns.numbers(name + ".at", rows);
    var who = columns.texts(name + ".who", rows);
    var threads = columns.numbers(name + ".thread", rows);
    var loops = columns.numbers(name + ".loop", rows);
    var tasks = columns.numbers(name + ".task", rows);
    var where = known(name, columns.frames(name + ".where", rows));
    return rows(
        rows,
        i ->
            new Access(
                at.get(i),
                who.get(i),
                threads.get(i),
                loops.get(i).intValue(),
                tasks.get(i),
                where.get(i)));
  }
}

package dev.segue.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The executors of the cluster, as far as Spark has told. Guarded by the pool's lock. */
final class ExecutorTable {
  /** Those that have ended are remembered for messages, up to this number. */
  private static final int MOST = 1000;

  private final Map<String, ExecutorState> all = new LinkedHashMap<>();

  /** Returns an executor, of which Spark may not have told before. */
  ExecutorState get(String id, String host) {
    return all.computeIfAbsent(id, _ -> new ExecutorState(id, host));
  }

  void added(String id, String host, int cores, Map<String, String> logs) {
    get(id, host).added(host, cores, logs);
    var each = all.values().iterator();
    while (all.size() > MOST && each.hasNext()) {
      if (!each.next().isAlive()) {
        each.remove();
      }
    }
  }

  void ended(String id, String why) {
    get(id, "unknown host").ended(why);
  }

  List<ExecutorState> alive() {
    return all.values().stream().filter(ExecutorState::isAlive).toList();
  }

  boolean isAnyAlive() {
    for (var executor : all.values()) {
      if (executor.isAlive()) {
        return true;
      }
    }
    return false;
  }

  /** How many tasks they run at the same time. */
  int cores() {
    int cores = 0;
    for (var executor : all.values()) {
      cores += executor.isAlive() ? executor.cores() : 0;
    }
    return cores;
  }

  /** How many cores the largest one has; 0 if that is not known. */
  int largest() {
    int most = 0;
    for (var executor : all.values()) {
      most = executor.isAlive() ? Math.max(most, executor.cores()) : most;
    }
    return most;
  }
}

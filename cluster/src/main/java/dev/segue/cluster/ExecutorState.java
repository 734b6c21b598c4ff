package dev.segue.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An executor of the cluster. Guarded by the pool's lock. */
final class ExecutorState {
  private final String id;
  private String host;
  private int cores;
  private Map<String, String> logs = Map.of();
  private @Nullable String whyEnded;

  ExecutorState(String id, String host) {
    this.id = id;
    this.host = host;
  }

  void added(String onHost, int withCores, Map<String, String> withLogs) {
    host = onHost;
    cores = withCores;
    logs = withLogs;
    whyEnded = null;
  }

  void ended(String why) {
    whyEnded = why;
  }

  String id() {
    return id;
  }

  /** How many tasks it runs at the same time; 0 if Spark has not told. */
  int cores() {
    return cores;
  }

  /** Where its output is, by name. */
  Map<String, String> logs() {
    return logs;
  }

  /** Why it has ended, in Spark's words; null if it has not. */
  @Nullable String whyEnded() {
    return whyEnded;
  }

  boolean isAlive() {
    return whyEnded == null;
  }

  @Override
  public String toString() {
    return "executor " + id + " (" + host + ")";
  }
}

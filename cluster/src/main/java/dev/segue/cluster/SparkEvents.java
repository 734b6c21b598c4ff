package dev.segue.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkFirehoseListener;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Hears from Spark which attempts run where, and which executors there are. It has a queue of its
 * own in Spark, so that slow listeners of the program make it miss nothing. On that queue's thread.
 */
final class SparkEvents extends SparkFirehoseListener {
  private final SparkPool pool;
  private final Consumer<SparkListenerEvent> take = this::take;

  /** The pool's jobs, by stage. */
  private final Map<Integer, Long> jobs = new HashMap<>();

  SparkEvents(SparkPool pool) {
    this.pool = pool;
  }

  static Map<String, String> logs(scala.collection.Map<String, String> urls) {
    return Map.copyOf(CollectionConverters.asJava(urls));
  }

  /** Throws nothing: Spark stops the context for an error that a listener throws. */
  @Override
  public void onEvent(SparkListenerEvent event) {
    try {
      WithMemory.run(take, event);
    } catch (Throwable t) {
      Log.error("cannot follow what Spark tells", t);
    }
  }

  private void take(SparkListenerEvent event) {
    switch (event) {
      case SparkListenerJobStart started -> jobStarted(started);
      case SparkListenerStageCompleted completed -> jobs.remove(completed.stageInfo().stageId());
      case SparkListenerTaskStart started -> taskStarted(started);
      case SparkListenerTaskEnd ended -> taskEnded(ended);
      case SparkListenerExecutorAdded added -> {
        var info = added.executorInfo();
        pool.executorAdded(
            added.executorId(), info.executorHost(), info.totalCores(), logs(info.logUrlMap()));
      }
      case SparkListenerExecutorRemoved removed ->
          pool.executorRemoved(removed.executorId(), removed.reason());
      case SparkListenerApplicationEnd _ -> pool.wakeUp();
      default -> {}
    }
  }

  private void jobStarted(SparkListenerJobStart event) {
    var properties = event.properties();
    long job = properties == null ? -1 : pool.jobNumber(properties);
    if (job >= 0) {
      for (var stage : CollectionConverters.asJava(event.stageIds())) {
        jobs.put((Integer) stage, job);
      }
    }
  }

  private void taskStarted(SparkListenerTaskStart event) {
    var job = jobs.get(event.stageId());
    if (job != null) {
      var task = event.taskInfo();
      pool.started(
          job, task.index(), task.attemptNumber(), task.taskId(), task.executorId(), task.host());
    }
  }

  private void taskEnded(SparkListenerTaskEnd event) {
    var job = jobs.get(event.stageId());
    if (job == null) {
      return;
    }
    var why =
        switch (event.reason()) {
          case ExecutorLostFailure lost -> lost.reason().getOrElse(() -> "its executor was lost");
          case TaskFailedReason failed -> failed.toErrorString();
          default -> null;
        };
    pool.attemptEnded(job, event.taskInfo().index(), event.taskInfo().taskId(), why);
    var metrics = event.taskMetrics();
    if (metrics != null) {
      pool.used(metrics.executorCpuTime());
    }
  }
}

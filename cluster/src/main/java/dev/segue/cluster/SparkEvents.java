package dev.segue.cluster;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Hears from Spark which attempts run where, and which executors there are. It has a queue of its
 * own in Spark, so that slow listeners of the program make it miss nothing. On that queue's thread.
 */
final class SparkEvents extends SparkListener {
  private final SparkPool pool;

  /** The pool's jobs, by stage. */
  private final Map<Integer, Long> jobs = new HashMap<>();

  SparkEvents(SparkPool pool) {
    this.pool = pool;
  }

  static Map<String, String> logs(scala.collection.Map<String, String> urls) {
    return Map.copyOf(CollectionConverters.asJava(urls));
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    var properties = event.properties();
    long job = properties == null ? -1 : pool.jobNumber(properties);
    if (job >= 0) {
      for (var stage : CollectionConverters.asJava(event.stageIds())) {
        jobs.put((Integer) stage, job);
      }
    }
  }

  @Override
  public void onStageCompleted(org.apache.spark.scheduler.SparkListenerStageCompleted event) {
    jobs.remove(event.stageInfo().stageId());
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    var job = jobs.get(event.stageId());
    if (job != null) {
      var task = event.taskInfo();
      pool.started(
          job, task.index(), task.attemptNumber(), task.taskId(), task.executorId(), task.host());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    var metrics = event.taskMetrics();
    var job = jobs.get(event.stageId());
    if (job == null) {
      return;
    }
    if (metrics != null) {
      pool.used(metrics.executorCpuTime());
    }
    if (event.reason() instanceof ExecutorLostFailure lost) {
      pool.attemptFailed(
          job, event.taskInfo().index(), lost.reason().getOrElse(() -> "its executor was lost"));
    } else if (event.reason() instanceof TaskFailedReason failed) {
      pool.attemptFailed(job, event.taskInfo().index(), failed.toErrorString());
    }
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    var info = event.executorInfo();
    pool.executorAdded(
        event.executorId(), info.executorHost(), info.totalCores(), logs(info.logUrlMap()));
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    pool.executorRemoved(event.executorId(), event.reason());
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    pool.wakeUp();
  }
}

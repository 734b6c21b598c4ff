package dev.segue.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.jspecify.annotations.Nullable;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContext$;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Failure;
import scala.util.Try;

/**
 * Gives Spark its jobs. One thread does that, and all else that calls Spark for no caller, since
 * Spark takes a job's description from the thread that submits it.
 */
final class Dispatcher {
  /** What runs on the executors. No lambda, as Spark reads the classes of those for each job. */
  private static final class First
      implements Function1<Iterator<byte[][]>, byte[][]>, Serializable {
    @Override
    public byte[][] apply(Iterator<byte[][]> results) {
      return results.next();
    }
  }

  private static final First FIRST = new First();

  private final SparkPool pool;
  private final SparkContext context;
  private final SparkEvents events;
  private final boolean ownsContext;
  private final @Nullable String schedulerPool;
  private final ExecutionContext here;
  private final Consumer<Throwable> failAll;

  /**
   * Makes one, on the thread that builds the executor.
   *
   * @param ownsContext whether to stop the context at the end
   */
  Dispatcher(SparkPool pool, boolean ownsContext) {
    this.pool = pool;
    this.context = pool.context();
    this.ownsContext = ownsContext;
    this.schedulerPool = context.getLocalProperty("spark.scheduler.pool");
    this.here = ExecutionContext$.MODULE$.fromExecutor(Runnable::run);
    this.events = new SparkEvents(pool);
    this.failAll = pool::broken;
  }

  /** Starts the thread, which keeps the JVM alive until the pool is shut down. */
  void start() {
    try {
      listen();
      prepare();
      Thread.ofPlatform()
          .daemon(false)
          .inheritInheritableThreadLocals(false)
          .name(pool.name() + "-dispatcher")
          .start(this::run);
    } catch (Throwable t) { // for want of memory, or of threads
      end();
      throw t;
    }
  }

  private void listen() {
    context.listenerBus().addToQueue(events, "segue-" + pool.name());
    for (var known : CollectionConverters.asJava(context.statusStore().executorList(true))) {
      var host = known.hostPort().replaceFirst(":\\d+$", "");
      if (context.isLocal() || !known.id().equals("driver")) {
        pool.executorAdded(
            known.id(), host, known.totalCores(), SparkEvents.logs(known.executorLogs()));
      }
    }
  }

  private void run() {
    try {
      setProperties();
      loop();
    } catch (Throwable t) {
      WithMemory.run(failAll, t);
    } finally {
      end();
    }
  }

  /**
   * Sends classes on a thread of its own: that may take until there is an executor, or for ever.
   */
  private void prepare() {
    if (context.isLocal()) {
      pool.prepare();
    } else {
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name(pool.name() + "-classes")
          .start(pool::prepare);
    }
  }

  private void setProperties() {
    context.setCallSite("segue");
    context.setInterruptOnCancel(true);
    if (schedulerPool != null) {
      context.setLocalProperty("spark.scheduler.pool", schedulerPool);
    }
  }

  private void loop() throws InterruptedException {
    for (var look = look(); !look.terminated(); look = look()) {
      if (look.job() != null) {
        submit(look.job());
      } else if (look.pause() > 0) {
        pool.await(look.pause());
      }
    }
  }

  private SparkPool.Look look() {
    while (true) {
      try {
        return pool.look();
      } catch (OutOfMemoryError _) { // the next look finds what is left of this one
        WithMemory.pause();
      }
    }
  }

  private void end() {
    try {
      context.listenerBus().removeListener(events);
      if (ownsContext) {
        OwnContext.stop(context);
      }
    } catch (Throwable t) {
      Log.error("Spark cannot stop the context of " + pool.name(), t);
    } finally {
      pool.terminated();
    }
  }

  private void submit(SparkJob job) {
    try {
      var slots = job.slots();
      context.setLocalProperty(SparkPool.JOB, pool.name() + ":" + job.number());
      context.setJobDescription(job.description());
      var indexes = new ArrayList<Object>(slots.size());
      slots.forEach(slot -> indexes.add(slot.index()));
      Function2<Object, byte[][], BoxedUnit> handler =
          (index, results) -> {
            pool.arrived(slots.get((Integer) index), results);
            return BoxedUnit.UNIT;
          };
      Function0<BoxedUnit> result = () -> BoxedUnit.UNIT;
      var action =
          context.submitJob(
              rdd(job), FIRST, CollectionConverters.asScala(indexes).toSeq(), handler, result);
      pool.submitted(job, action);
      Function1<Try<BoxedUnit>, BoxedUnit> ended =
          how -> {
            if (how instanceof Failure<BoxedUnit> failure) {
              pool.failed(job, failure.exception());
            }
            return BoxedUnit.UNIT;
          };
      action.onComplete(ended, here);
    } catch (Throwable t) {
      pool.failed(job, t);
    }
  }

  private RDD<byte[][]> rdd(SparkJob job) {
    var rdd = new SlotRdd(context, job.slots().toArray(Slot[]::new));
    if (job.isAlone() && job.cores() > 1 && !context.isLocal()) {
      return rdd.withResources(
          new ResourceProfileBuilder()
              .require(new TaskResourceRequests().cpus(job.cores()))
              .build());
    }
    return rdd;
  }
}

package dev.segue.inspect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.jfr.Category;
import jdk.jfr.Contextual;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MetadataDefinition;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.Period;
import jdk.jfr.Relational;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of {@link JfrEvents}. Loaded only while a recording runs. */
final class JfrEvent {
  private JfrEvent() {}

  /** A task: its loop and its id, as {@code main#17}. */
  @MetadataDefinition
  @Relational
  @Name("dev.segue.TaskId")
  @Label("Task Id")
  @Target(ElementType.FIELD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface TaskId {}

  @Name("dev.segue.Task")
  @Label("Task")
  @Description("A task, from its creation to its end")
  @Category("Segue")
  @Threshold("10 ms")
  @StackTrace(false)
  static final class Task extends Event {
    // Shown with the events of others that happen in the task meanwhile.
    @Contextual
    @Label("Task")
    @Nullable String task;

    @TaskId
    @Label("Task Id")
    @Nullable String taskId;

    @TaskId
    @Label("Created By")
    @Nullable String parentId;

    @Label("Outcome")
    @Nullable String outcome;

    @Label("Steps")
    @Description("How often it ran")
    long steps;

    @Label("Running")
    @Timespan(Timespan.NANOSECONDS)
    long running;

    @Label("Longest Step")
    @Timespan(Timespan.NANOSECONDS)
    long longestStep;

    @Label("Ready")
    @Description("For how long it could run, and waited for its turn")
    @Timespan(Timespan.NANOSECONDS)
    long ready;
  }

  @Name("dev.segue.Wait")
  @Label("Task Wait")
  @Description("A task waited in a wait of Segue's")
  @Category("Segue")
  @Threshold("10 ms")
  static final class Wait extends Event {
    @Label("Task")
    @Nullable String task;

    @TaskId
    @Label("Task Id")
    @Nullable String taskId;

    @Label("Waits For")
    @Nullable String waitsFor;

    @Label("Where")
    @Description("The line of the task's code that waited")
    @Nullable String where;

    @Label("Woken By")
    @Nullable String wokenBy;

    @TaskId
    @Label("Woken By Task")
    @Nullable String wakerId;

    @Label("Ready")
    @Description("For how long it could go on already, and waited for its turn")
    @Timespan(Timespan.NANOSECONDS)
    long ready;
  }

  @Name("dev.segue.PoolTask")
  @Label("Pool Task")
  @Description("A task of a process pool, from its submission to its end")
  @Category("Segue")
  @Threshold("10 ms")
  @StackTrace(false)
  static final class PoolTask extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Task")
    @Nullable String task;

    @Label("Submitted By")
    @Nullable String submitter;

    @Label("Worker")
    @Nullable String worker;

    @Label("Worker PID")
    @Nullable String pid;

    @Label("Queued")
    @Description("Until a worker began with it")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Running")
    @Timespan(Timespan.NANOSECONDS)
    long running;

    @Label("Size")
    @Description("What is sent to a worker for it")
    @DataAmount
    long bytes;

    @Label("Outcome")
    @Nullable String outcome;
  }

  @Name("dev.segue.Stall")
  @Label("Loop Stall")
  @Description("A loop is held; told after 50 ms, and again each time that has doubled")
  @Category("Segue")
  @StackTrace(false)
  static final class Stall extends Event {
    @Label("Loop")
    @Nullable String loop;

    @Label("Task")
    @Nullable String task;

    @TaskId
    @Label("Task Id")
    @Nullable String taskId;

    @Label("Lasted So Far")
    @Timespan(Timespan.NANOSECONDS)
    long lasted;

    @Label("Cause")
    @Nullable String cause;

    @Label("Advice")
    @Nullable String advice;

    @Label("Stack")
    @Nullable String stack;
  }

  @Name("dev.segue.LoopStatistics")
  @Label("Loop Statistics")
  @Description("What a loop did since the statistics before")
  @Category("Segue")
  @Period("1 s")
  @StackTrace(false)
  static final class LoopStatistics extends Event {
    @Label("Loop")
    @Nullable String loop;

    @Label("Utilization")
    @Percentage
    double utilization;

    @Label("Live Tasks")
    @Description("Of those that were created since the recording began")
    long liveTasks;

    @Label("Created Tasks")
    long createdTasks;

    @Label("Ended Tasks")
    long endedTasks;

    @Label("Steps")
    long steps;

    @Label("Longest Step So Far")
    @Timespan(Timespan.NANOSECONDS)
    long longestStep;

    @Label("Longest Delay So Far")
    @Timespan(Timespan.NANOSECONDS)
    long longestDelay;
  }
}

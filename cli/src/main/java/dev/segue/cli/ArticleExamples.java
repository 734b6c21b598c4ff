package dev.segue.cli;

import static dev.segue.cli.Example.Source.ARTICLE;
import static dev.segue.cli.Example.Source.EXPECTED;

import java.util.List;

/**
 * The article's examples, in its order, with what it prints. Where the article has MainThread for
 * the thread of the event loop, this has the loop.
 */
final class ArticleExamples {
  static final String RACE_DB = "race-db";
  private static final String SORT_SYNC_NAME = "sort-sync";
  private static final String SORT_PROCESSES_NAME = "sort-processes";

  private static final Part SYNC =
      Part.of(
          """
          0   MainThread:Main started
          0   MainThread:TWO received
          2   MainThread:Printing TWO
          2   MainThread:THREE received
          5   MainThread:Printing THREE
          5   MainThread:Main Ended
          """);

  private static final Part THREADS =
      Part.of(
          """
          0   MainThread:Main started
          0 | Thread-4:TWO received
          0 | Thread-5:THREE received
          2   Thread-4:Printing TWO
          3   Thread-5:Printing THREE
          3   MainThread:Main Ended
          """);

  private static final Part THREAD_POOL =
      Part.of(
          """
          0 | ThreadPoolExecutor-0_0:TWO received
          0 | ThreadPoolExecutor-0_1:THREE received
          2   ThreadPoolExecutor-0_0:Printing TWO
          2   MainThread:TWO Done
          3   ThreadPoolExecutor-0_1:Printing THREE
          3   MainThread:THREE Done
          """);

  private static final Part TASKS =
      Part.of(
          """
          0   loop:Main started
          0   loop:Current registered tasks: 1
          0   loop:Creating tasks
          0   loop:Current registered tasks: 3
          0   loop:TWO received
          0   loop:THREE received
          2   loop:Printing TWO
          3   loop:Printing THREE
          3   loop:Main Ended
          """);

  private static final Part GATHER =
      Part.of(
          """
          0   loop:Main started
          0   loop:Creating multiple tasks with asyncio.gather
          0   loop:ONE received
          0   loop:TWO received
          0   loop:THREE received
          0   loop:FOUR received
          0   loop:FIVE received
          1   loop:Printing ONE
          2   loop:Printing TWO
          3   loop:Printing THREE
          4   loop:Printing FOUR
          5   loop:Printing FIVE
          5   loop:Main Ended
          """);

  /** The article's lines, and the watchdog's reports between them. */
  private static final Part BLOCKING_CALL =
      Part.of(
          """
          0   loop:Main started
          0   loop:Creating multiple tasks with asyncio.gather
          0   loop:ONE received
          0   loop:TWO received
          0   loop:THREE received
          1 + segue-watchdog:event loop '*'* for * ms in task '*': *
          3   loop:Printing THREE
          3   loop:FOUR received
          3   loop:FIVE received
          3   loop:Printing ONE
          3   loop:Printing TWO
          7   loop:Printing FOUR
          8   loop:Printing FIVE
          8   loop:Main Ended
          """);

  private static final Part RACE =
      Part.of(
          """
          0 | ThreadPoolExecutor-0_0:Update Started
          0 | ThreadPoolExecutor-0_0:Sleeping
          0 | ThreadPoolExecutor-0_1:Update Started
          0 | ThreadPoolExecutor-0_1:Sleeping
          2 | ThreadPoolExecutor-0_0:Reading Value From Db
          2 | ThreadPoolExecutor-0_1:Reading Value From Db

          2 | ThreadPoolExecutor-0_0:Updating Value
          2 | ThreadPoolExecutor-0_1:Updating Value
          2 | ThreadPoolExecutor-0_1:Update Finished
          2 | ThreadPoolExecutor-0_0:Update Finished
          2   MainThread:Final value is 1
          """);

  private static final Part RACE_LOCK =
      Part.of(
          """
          0 | ThreadPoolExecutor-0_0:Update Started
          0 | ThreadPoolExecutor-0_0:Sleeping
          0 | ThreadPoolExecutor-0_1:Update Started
          0 | ThreadPoolExecutor-0_1:Sleeping
          2   ThreadPoolExecutor-0_0:Reading Value From Db
          2   ThreadPoolExecutor-0_0:Updating Value
          2   ThreadPoolExecutor-0_0:Update Finished
          2   ThreadPoolExecutor-0_1:Reading Value From Db
          2   ThreadPoolExecutor-0_1:Updating Value
          2   ThreadPoolExecutor-0_1:Update Finished
          2   MainThread:Final value is 2
          """);

  private static final Part RACE_FREE =
      Part.of(
          """
          0   loop:Update Started
          0   loop:Sleeping
          0   loop:Update Started
          0   loop:Sleeping
          1   loop:Reading Value From Db
          1   loop:Updating Value
          1   loop:Update Finished
          1   loop:Reading Value From Db
          1   loop:Updating Value
          1   loop:Update Finished
          1   loop:Final value is 2
          """);

  private static final Part DEADLOCK =
      Part.of(
          """
          0   loop:foo awaits boo
          0   loop:boo awaits foo
          0   loop:foo failed: *deadlock: 'boo' waits for 'foo' waits for 'boo'
          0   loop:boo failed: deadlock: 'boo' waits for 'foo' waits for 'boo'
          """);

  private static final Part ENDLESS_RECURSION =
      Part.of(
          """
          0   loop:foo failed: StackOverflowError, because foo and boo call each other forever
          0   loop:boo failed: StackOverflowError, because foo and boo call each other forever
          """);

  private static final Part SORT_SYNC =
      Part.of(
          """
          0   MainThread:Starting Sorting
          123 ~ MainThread:Sorting Completed
          """);

  private static final Part SORT_PROCESSES =
      Part.of(
          """
          0   MainThread:Starting Sorting
          30 ~ MainThread:Sorting Completed
          """);

  /** Not in the article, whose threads would take turns. */
  private static final Part SORT_THREADS =
      Part.of(
          """
          0   MainThread:Starting Sorting
          0 ~ MainThread:Sorting Completed
          """);

  /** Not in the article, which stays on one machine. */
  private static final Part SORT_CLUSTER =
      Part.of(
          """
          0   MainThread:Starting Sorting
          0 ~ MainThread:Sorting Completed
          """);

  /** Not in the article: {@link #RACE_FREE} on a database. */
  private static final Part RACE_DB_LOOP =
      Part.of(
          """
          0   loop:Statements * wait, so * keeps the update
          0   loop:Update Started
          0   loop:Sleeping
          0   loop:Update Started
          0   loop:Sleeping
          2   loop:Reading Value From Db
          2   loop:Updating Value
          2   loop:Update Finished
          2   loop:Reading Value From Db
          2   loop:Updating Value
          2   loop:Update Finished
          2   loop:Final value is 2
          """);

  private static final Part RACE_DB_TRANSACTION =
      Part.of(
          """
          0 | ThreadPoolExecutor-0_0:Update Started
          0 | ThreadPoolExecutor-0_0:Sleeping
          0 | ThreadPoolExecutor-0_1:Update Started
          0 | ThreadPoolExecutor-0_1:Sleeping
          2 | ThreadPoolExecutor-0_0:Reading Value From Db
          2 | ThreadPoolExecutor-0_1:Reading Value From Db

          2 | ThreadPoolExecutor-0_0:Updating Value
          2 | ThreadPoolExecutor-0_1:Updating Value
          2 | ThreadPoolExecutor-0_0:Update Finished
          2 | ThreadPoolExecutor-0_1:Update Refused, trying again
          2 | ThreadPoolExecutor-0_1:Reading Value From Db
          2 | ThreadPoolExecutor-0_1:Updating Value
          2 | ThreadPoolExecutor-0_1:Update Finished
          2   MainThread:Final value is 2
          """);

  static final List<Example> ALL =
      List.of(
          new Example("sync", "one call after the other", ARTICLE, main("Sync"), List.of(SYNC)),
          new Example(
              "threads", "a thread for each call", ARTICLE, main("Threads"), List.of(THREADS)),
          new Example(
              "thread-pool",
              "a pool's futures, in the order in which they end",
              ARTICLE,
              main("ThreadPool"),
              List.of(THREAD_POOL)),
          new Example("tasks", "tasks on an event loop", ARTICLE, main("Tasks"), List.of(TASKS)),
          new Example("gather", "five tasks in one call", ARTICLE, main("Gather"), List.of(GATHER)),
          new Example(
              "blocking-call",
              "a task that does not wait holds up every other",
              ARTICLE,
              main("BlockingCall"),
              List.of(BLOCKING_CALL, GATHER)),
          new Example("race", "two threads lose an update", ARTICLE, main("Race"), List.of(RACE)),
          new Example(
              "race-lock",
              "a lock keeps both updates",
              ARTICLE,
              main("RaceLock"),
              List.of(RACE_LOCK)),
          new Example(
              "race-free",
              "an event loop keeps both updates without a lock",
              ARTICLE,
              main("RaceFree"),
              List.of(RACE_FREE)),
          new Example(
              "deadlock",
              "tasks that await each other fail at once",
              EXPECTED,
              main("Deadlock"),
              List.of(DEADLOCK, ENDLESS_RECURSION)),
          new Example(
              SORT_SYNC_NAME,
              "one core sorts list after list",
              ARTICLE,
              main("SortSync"),
              List.of(SORT_SYNC)),
          new Example(
              SORT_PROCESSES_NAME,
              "a process for each core sorts them",
              ARTICLE,
              main("SortProcesses"),
              List.of(SORT_PROCESSES),
              SORT_SYNC_NAME),
          new Example(
              "sort-threads",
              "threads do too, as the JVM has no global lock",
              EXPECTED,
              main("SortThreads"),
              List.of(SORT_THREADS),
              SORT_SYNC_NAME),
          new Example(
              RACE_DB,
              "a lost update in a database, and three ways to keep it",
              EXPECTED,
              main("RaceDb"),
              List.of(RACE, RACE_LOCK, RACE_DB_LOOP, RACE_DB_TRANSACTION)));

  /** What needs Apache Spark, and so is run only if it is asked for by name. */
  static final List<Example> ON_A_CLUSTER =
      List.of(
          new Example(
              "sort-cluster",
              "executors of a Spark cluster sort them",
              EXPECTED,
              main("SortCluster"),
              List.of(SORT_CLUSTER, SORT_CLUSTER),
              List.of(SORT_SYNC_NAME, SORT_PROCESSES_NAME),
              List.of("with new executors", "once they are warm")));

  private ArticleExamples() {}

  /** The {@code main} of a file in {@code src/main/examples}, which no import can reach. */
  static Example.Program main(String file) {
    return () -> {
      var loader = Thread.currentThread().getContextClassLoader();
      var program = Class.forName(file, true, loader).getDeclaredConstructor();
      var main = program.getDeclaringClass().getDeclaredMethod("main");
      program.setAccessible(true);
      main.setAccessible(true);
      main.invoke(program.newInstance());
    };
  }
}

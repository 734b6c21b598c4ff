package dev.segue.process;

import dev.segue.futures.Futures;
import dev.segue.futures.SerializableCallable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A program in a container: a child-first loader has loaded it, and Segue too. */
public final class LoaderTasks {
  record Row(String text) implements Serializable {}

  static final class Bean implements Serializable {
    final Row row = new Row("bean");
  }

  static final class ProgramException extends RuntimeException {
    ProgramException() {
      super("program's own");
    }
  }

  enum Colour {
    RED
  }

  private LoaderTasks() {}

  /** Returns the results of tasks whose classes are this program's own. */
  public static List<Object> results(boolean onTheCommonPool) throws Exception {
    Callable<ProcessPoolExecutor> make = () -> ProcessPoolExecutor.builder().maxWorkers(1).build();
    var results = new ArrayList<Object>();
    try (var pool =
        onTheCommonPool
            ? CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        return make.call();
                      } catch (Exception e) {
                        throw new AssertionError(e);
                      }
                    })
                .get()
            : make.call()) {
      for (SerializableCallable<Object> task :
          List.<SerializableCallable<Object>>of(
              () -> new Row("row"),
              () -> Colour.RED,
              Bean::new,
              () -> new Row[1],
              () -> (SerializableCallable<Integer>) () -> 5)) {
        results.add(pool.submit(task).get(60, TimeUnit.SECONDS));
      }
      try {
        pool.submit(
                (SerializableCallable<Object>)
                    () -> {
                      throw new ProgramException();
                    })
            .get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        results.add(e.getCause());
      }
      Futures.map(pool, (Integer i) -> new Row("mapped " + i), List.of(1)).forEach(results::add);
    }
    return results;
  }
}

package traps;

import dev.segue.Async;
import dev.segue.AsyncLock;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Programs that lose updates of fields, and the same without it: as a user's, and without a word of
 * any recorder.
 */
public final class Updates {
  private int value;
  private long wide;
  private double real;
  private String text = "";
  private static int shared;
  private boolean done;
  private final Account account = new Account();

  private static final class Account {
    private long balance;

    long balance() {
      return balance; // READ BY GETTER
    }

    void setBalance(long balance) {
      this.balance = balance; // WRITTEN BY SETTER
    }
  }

  private final CyclicBarrier bothHaveRead = new CyclicBarrier(2);
  private final ReentrantLock lock = new ReentrantLock();

  private static void both(Runnable work) throws InterruptedException {
    var one = Thread.ofPlatform().name("one").start(work);
    var other = Thread.ofPlatform().name("other").start(work);
    one.join();
    other.join();
  }

  private void meet() {
    try {
      bothHaveRead.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // --- threads

  public void threads() throws InterruptedException {
    both(this::update);
  }

  private void update() {
    int old = value; // READ BY THREAD
    meet();
    value = old * old + 1; // WRITTEN BY THREAD
  }

  public void threadsWithALock() throws InterruptedException {
    both(() -> {
      lock.lock();
      try {
        int old = value;
        value = old * old + 1;
      } finally {
        lock.unlock();
      }
    });
  }

  public void threadsThatReadAgain() throws InterruptedException {
    both(() -> {
      int old = value;
      meet();
      synchronized (this) {
        value = old + value;
      }
    });
  }

  public void threadsWithAnObjectEach() throws InterruptedException {
    both(() -> {
      var own = new Updates();
      int old = own.value;
      meet();
      own.value = old + 1;
    });
  }

  public void threadsThatOnlySet() throws InterruptedException {
    both(() -> {
      var _ = isDone();
      meet();
      done = true; // which does not depend on what was read
    });
  }

  private boolean isDone() {
    return done;
  }

  public void threadsThatCheckAndSet() throws InterruptedException {
    both(() -> {
      if (!done) { // CHECKED
        meet();
        done = true; // SET
      }
    });
  }

  public void accessors() throws InterruptedException {
    both(() -> {
      long old = account.balance();
      meet();
      account.setBalance(old + 10);
    });
  }

  // --- fields of every kind

  public String everyKind() throws InterruptedException {
    both(() -> {
      long oldWide = wide;
      double oldReal = real;
      var oldText = text;
      int oldShared = shared;
      meet();
      wide = oldWide + 1;
      real = oldReal + 0.5;
      text = oldText + "x";
      shared = oldShared + 1;
    });
    wide += 10;
    real *= 3;
    value++;
    text += "y";
    shared -= 2;
    return wide + " " + real + " " + value + " " + text + " " + shared;
  }

  // --- tasks

  public void tasks() {
    Async.run(() -> {
      var one = Async.createTask("one", this::updateInTask);
      var other = Async.createTask("other", this::updateInTask);
      one.await();
      other.await();
    });
  }

  private void updateInTask() {
    int old = value; // READ BY TASK
    Async.checkpoint();
    value = old + 1; // WRITTEN BY TASK
  }

  public void tasksThatDoNotWait() {
    Async.run(() ->
        Async.gather(
            () -> {
              Async.checkpoint();
              value = value + 1;
            },
            () -> {
              Async.checkpoint();
              value = value + 1;
            }));
  }

  public void tasksWithALock() {
    var asyncLock = new AsyncLock();
    Async.run(() ->
        Async.gather(
            () -> {
              try (var _ = asyncLock.acquire()) {
                updateInTask();
              }
            },
            () -> {
              try (var _ = asyncLock.acquire()) {
                updateInTask();
              }
            }));
  }
}

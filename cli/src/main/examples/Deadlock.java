// Two tasks that await each other could never go on: the wait that would close the cycle fails at
// once, with the tasks in it.
//
// The article's own program is something else: foo calls boo and boo calls foo, which overflows the
// stack. That ends the task, and nothing else.
//
// Run it by itself: ./segue run Deadlock.java

import dev.segue.Async;
import dev.segue.Outcome;
import dev.segue.Task;

final List<Task<?>> tasks = new ArrayList<>();

void main() {
  Async.run(this::mainTask);
}

void mainTask() {
  System.out.println("Each task awaits the other:");
  tasks.add(Async.createTask("foo", () -> awaitTask(1)));
  tasks.add(Async.createTask("boo", () -> awaitTask(0)));
  tasks.forEach(this::logEnd);

  System.out.println("Each function calls the other:");
  logEnd(Async.createTask("foo", this::foo));
  logEnd(Async.createTask("boo", this::boo));
}

void awaitTask(int index) {
  var other = tasks.get(index);
  log(Async.currentTask().name() + " awaits " + other.name());
  other.await();
}

void foo() {
  boo();
}

void boo() {
  foo();
}

void logEnd(Task<?> task) {
  var end = switch (task.outcome()) { // waits, and does not throw what the task has thrown
        case Outcome.Failure<?>(StackOverflowError _) ->
            "failed: StackOverflowError, because foo and boo call each other forever";
        case Outcome.Failure<?>(var cause) -> "failed: " + cause.getMessage();
        default -> "ended";
      };
  log(task.name() + " " + end);
}

void log(String message) {
  var loop = Async.currentLoop().name();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), loop, message);
}

package dev.segue.embedding;

import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.MDC;

/** What a task inherits from its creator: the context of the log, and the user. */
final class Context {
  static final ScopedValue<String> USER = ScopedValue.newInstance();

  private Context() {}

  /** Remembers the context of the calling thread, which creates a task, for the task's body. */
  static <T> Callable<T> carry(Callable<T> body) {
    var mdc = MDC.getCopyOfContextMap();
    var user = USER.isBound() ? USER.get() : null;
    return () -> {
      MDC.setContextMap(mdc == null ? Map.of() : mdc);
      try {
        return user == null ? body.call() : ScopedValue.where(USER, user).call(body::call);
      } finally {
        MDC.clear(); // the threads of toThread are used again
      }
    };
  }
}

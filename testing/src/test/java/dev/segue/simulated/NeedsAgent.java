package dev.segue.simulated;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Is left out where the JVM was started without the Java agent, as by an IDE: it would take hours.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("agent")
@EnabledIf(
    value = "dev.segue.simulated.NeedsAgent$Agent#isThere",
    disabledReason = "the Java agent is not there")
@interface NeedsAgent {
  final class Agent {
    private Agent() {}

    static boolean isThere() {
      try {
        Class.forName("java.lang.SegueTimedCalls");
        return true;
      } catch (ClassNotFoundException _) {
        return false;
      }
    }
  }
}

package dev.segue.testing.junit;

import dev.segue.testing.Choices;
import dev.segue.testing.Explorer;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test whose body runs in many orders of its tasks, by an {@link Explorer}, and fails if one of
 * them fails.
 *
 * {@snippet class="dev.segue.testing.junit.ExploreExampleTest" region="example"}
 *
 * <p>The body is the main task of a loop with a virtual clock. Each schedule has a new instance of
 * the test class, and calls its {@code @BeforeEach} and {@code @AfterEach} methods, in the loop
 * too. Parameters are resolved as in any test. What other extensions put into fields of the
 * instance is not there.
 *
 * <p>A failure is thrown as the body threw it, with the schedule suppressed in it. To run that
 * schedule alone, as in a debugger, run this test with what the report ends in: {@code
 * -Dsegue.replay=v1:1.2~5e1f}. With {@code -Dsegue.report=schedule.html} a failure is also written
 * as a {@linkplain dev.segue.testing.Interleaving#writePage page}, if the module {@code
 * dev.segue.inspect} is there; that of the second test that fails is {@code schedule-2.html}. If
 * none fails, the report of the test run says how many were tried.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(ExploreExtension.class)
public @interface ExploreTest {
  /**
   * Returns how many schedules are tried, at most.
   *
   * @return the number
   */
  int schedules() default 1_000;

  /**
   * Returns how many departures from the ordinary order a schedule has, at most, that is not
   * random: {@link Explorer.Builder#holds}.
   *
   * @return the number
   */
  int holds() default Integer.MAX_VALUE;

  /**
   * Returns how many bodies of {@link Choices#mayCancel} are cancelled in a schedule, at most.
   *
   * @return the number
   */
  int cancels() default 0;

  /**
   * Returns how many steps of a schedule may take so long that the next timer is due after them.
   *
   * @return the number
   */
  int slowSteps() default 1;

  /**
   * Returns after how many steps a schedule counts as one that never ends.
   *
   * @return the number
   */
  int steps() default 10_000;

  /**
   * Returns what the random schedules are made from.
   *
   * @return any number
   */
  long seed() default 1;

  /**
   * Returns whether it is a failure if the body ends before a task that it has started.
   *
   * @return whether it is
   */
  boolean leftBehind() default false;
}

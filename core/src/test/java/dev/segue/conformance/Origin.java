package dev.segue.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** The test of another project that fixes the behaviour which a test here checks in Segue. */
@Tag("conformance")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Origin {
  /**
   * Names the test: project, version, suite and test.
   *
   * @return a text such as {@code CPython 3.14 test_tasks.test_cancel}
   */
  String value();

  /**
   * Says where Segue does otherwise on purpose; empty where it does the same.
   *
   * @return what the original does, and what Segue does
   */
  String differs() default "";
}

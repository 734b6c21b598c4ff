package dev.segue.testing.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test whose body is the main task of an event loop of its own, with a virtual clock.
 *
 * {@snippet class="dev.segue.testing.junit.LoopExampleTest" region="example"}
 *
 * <p>Besides what the body throws, these fail it: a failure of a task that nothing looked at, a
 * task that is left behind when the body ends, and a stall, where a task holds the loop for half a
 * second of real time.
 *
 * <p>Methods before and after each test run outside the loop. For tests of another kind, such as
 * parameterized ones, {@link LoopExtension} does the same.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(LoopExtension.class)
public @interface LoopTest {}

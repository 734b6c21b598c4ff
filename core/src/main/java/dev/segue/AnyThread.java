package dev.segue;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * May be called by any thread, at any time; on a class, all methods that are not {@link
 * LoopConfined}. {@code ConfinementTest} checks what such methods touch.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface AnyThread {
  /** Why it may touch what is confined to the loop all the same; empty where it does not. */
  String because() default "";
}

package dev.segue;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Touched on the loop only: by the loop's thread, or by the thread of the task that it runs, never
 * by two at once. So it needs no lock and no barrier.
 *
 * <p>On a class it holds for all methods and for all fields that are neither final nor volatile,
 * except where one is {@link AnyThread}. {@code ConfinementTest} checks that no method which any
 * thread may call touches what is confined, unless it first asks whether it is on the loop.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD})
@interface LoopConfined {}

/**
 * JUnit tests whose body runs on Segue's event loop: {@link dev.segue.testing.junit.ExploreTest}
 * tries many orders of its tasks, {@link dev.segue.testing.junit.LoopTest} the ordinary one.
 */
@NullMarked
package dev.segue.testing.junit;

import org.jspecify.annotations.NullMarked;

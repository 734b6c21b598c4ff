/**
 * The Java agent: {@link dev.segue.testing.agent.TimeAgent} is started by the JVM, {@link
 * dev.segue.testing.agent.CallWeaver} rewrites classes, and {@link
 * dev.segue.testing.agent.TimedCalls} is what they call.
 */
@NullMarked
package dev.segue.testing.agent;

import org.jspecify.annotations.NullMarked;

/**
 * The article's programs, in Java: each file teaches one thing, depends on no other of this
 * package, and can be copied out and run by itself.
 *
 * <p>Those that import nothing of {@code dev.segue} need only a JDK: {@code java Sync.java}. The
 * others need Segue's jar, and its leave to build the loop's threads:
 *
 * <pre>{@code
 * java --add-opens java.base/java.lang=ALL-UNNAMED --class-path segue-core.jar Tasks.java
 * }</pre>
 *
 * <p>The delays are the article's; {@code -Dscale=0.1} before the file's name makes them a tenth.
 */
@NullMarked
package dev.segue.lab.examples;

import org.jspecify.annotations.NullMarked;

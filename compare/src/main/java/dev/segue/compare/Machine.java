package dev.segue.compare;

import java.io.Serializable;

/**
 * Where it was measured.
 *
 * @param processors how many processors the JVM may use
 * @param jdk such as {@code Temurin 25.0.3}
 * @param system such as {@code Linux 6.12, amd64}
 */
public record Machine(int processors, String jdk, String system) implements Serializable {}

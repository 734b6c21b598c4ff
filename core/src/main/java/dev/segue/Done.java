package dev.segue;

import java.util.Set;

/**
 * What a wait for several futures found: those that had ended, and the others.
 *
 * @param <F> the type of the futures
 * @param done those that had ended, in the order in which they were given
 * @param pending the others, in the order in which they were given
 */
public record Done<F>(Set<F> done, Set<F> pending) {}

package dev.segue.futures;

import java.util.Set;

/**
 * The result of a wait for several futures: those that had ended, and the others.
 *
 * @param <F> the type of the futures
 * @param done those that had ended, in the order in which they were given
 * @param pending the others, in the order in which they were given
 */
public record WaitResult<F>(Set<F> done, Set<F> pending) {}

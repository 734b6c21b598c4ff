package dev.segue.compare;

/**
 * Where one model becomes faster than another. On both sides of it there is a point at which one of
 * them is so clearly.
 *
 * @param before the faster one below it
 * @param after the faster one above it
 * @param at where, interpolated, and how sure that is
 * @param low the last value at which {@code before} was clearly faster
 * @param high the first value at which {@code after} was
 */
record Crossover(Model before, Model after, Estimate at, double low, double high) {}

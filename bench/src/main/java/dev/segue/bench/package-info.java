/**
 * How fast Segue is, beside its peers and beside what the machine can do: {@link
 * dev.segue.bench.LoopBenchmark} measures event loops and their like, {@link
 * dev.segue.bench.ProcessPoolBenchmark} process pools.
 */
package dev.segue.bench;

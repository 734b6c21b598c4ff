/**
 * How fast Segue is, beside its peers in other languages and beside what the machine can do.
 *
 * <p>{@link dev.segue.bench.ProcessPoolBenchmark} runs {@link dev.segue.bench.Work}s: in each the
 * {@link dev.segue.bench.Contender}s take turns, round after round, so that what disturbs the
 * machine disturbs them all. What comes out is a {@link dev.segue.bench.Result} a row, for a {@link
 * dev.segue.bench.Table} and a {@link dev.segue.bench.PayloadPlot}.
 */
package dev.segue.bench;

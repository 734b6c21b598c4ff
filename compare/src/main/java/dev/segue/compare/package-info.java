/**
 * One list of jobs, run and measured under every model: one after the other, on threads, on pools,
 * on an event loop, in processes.
 *
 * <p>A user writes a {@link dev.segue.compare.Workload}. What comes out is a {@link
 * dev.segue.compare.Report}.
 *
 * @serial exclude what is serialized stays between JVMs of one run
 */
package dev.segue.compare;

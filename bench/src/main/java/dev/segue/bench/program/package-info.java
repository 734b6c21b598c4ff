/**
 * The programs that are measured, each in a JVM of its own, and the load generator. They answer
 * requests on their standard input: {@link dev.segue.bench.program.Protocol}.
 */
package dev.segue.bench.program;

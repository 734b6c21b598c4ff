/**
 * What can be compared: ready-made workloads, and those of users, found by name, by class or in a
 * source file. {@link dev.segue.compare.workload.Subject} opens one.
 */
package dev.segue.compare.workload;

/** Ordinary blocking Java inside tasks: who goes on meanwhile, and what a cancel does to it. */
package dev.segue.waits;

/**
 * Loops inside other programs, and bridges to other kinds of asynchrony. The classes that are no
 * tests are those that {@code docs/embedding.md} shows.
 */
package dev.segue.embedding;

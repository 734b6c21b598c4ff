/** Segue's command line. */
@NullMarked
package dev.segue.lab;

import org.jspecify.annotations.NullMarked;

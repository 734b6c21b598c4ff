/** What a test of code on Segue's event loop needs: a clock that nobody has to wait for. */
@NullMarked
package dev.segue.testing;

import org.jspecify.annotations.NullMarked;

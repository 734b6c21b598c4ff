/** JSON, for this project's tools alone. */
@NullMarked
package dev.segue.inspect.json;

import org.jspecify.annotations.NullMarked;

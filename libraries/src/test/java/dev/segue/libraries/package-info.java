/**
 * What well-known libraries do in tasks: the programs behind {@code docs/libraries.md}. Each call
 * is a {@link Trial}, and each test class that has some holds them to the {@link Contract}.
 */
@NullMarked
package dev.segue.libraries;

import org.jspecify.annotations.NullMarked;

/**
 * What a test of code on Segue's event loop needs: a {@linkplain dev.segue.testing.VirtualClock
 * clock} that nobody has to wait for, and an {@linkplain dev.segue.testing.Explorer explorer} of
 * the orders in which tasks can run.
 *
 * <p>Inside, a {@code Search} of the explorer makes one {@code Run} after another. Each is a {@code
 * Simulation}, the loop's schedule, clock and observer in one, which asks a {@code Chooser}
 * wherever it may go on in several ways: {@code Departures} from the ordinary order, a {@code
 * PriorityWalk} or a {@code RandomWalk}, or the {@code Replay} of a list of {@code Decision}s. A
 * run that fails goes to a {@code Diagnosis}, which repeats, minimizes, and records it for the
 * {@code Report} and the {@code SchedulePage}.
 */
@NullMarked
package dev.segue.testing;

import org.jspecify.annotations.NullMarked;

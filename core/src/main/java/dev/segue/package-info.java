/**
 * An event loop whose tasks are virtual threads: asyncio for straight-line Java.
 *
 * <p>{@link dev.segue.Async} holds the functions a program calls, {@link dev.segue.EventLoop} the
 * loop itself. A task may wait with Segue's own waits ({@link dev.segue.Async#sleep}, {@link
 * dev.segue.Task#await}, …) or with ordinary blocking Java; either way only that task waits.
 * Between two waits nobody else runs on the loop, so tasks of one loop share state without locks;
 * what must not be interleaved across a wait takes an {@link dev.segue.AsyncLock}.
 *
 * <p>Where to look inside, from the outside in: {@code EventLoop} (life cycle) → {@code Kernel}
 * (one turn of the loop) → {@code TaskEngine} (threads), {@link dev.segue.LoopClock} (time), {@link
 * dev.segue.Schedule} (order), {@link dev.segue.Instrument} (observation). Cancellation is the tree
 * of {@code CancelNode}s; what a suspended task waits for is its {@code Wait}.
 */
@NullMarked
package dev.segue;

import org.jspecify.annotations.NullMarked;

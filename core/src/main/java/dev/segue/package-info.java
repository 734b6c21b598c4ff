/**
 * An event loop whose tasks are virtual threads: asyncio for straight-line Java.
 *
 * <p>{@link dev.segue.Async} holds the functions a program calls, {@link dev.segue.EventLoop} the
 * loop itself. A task may wait with Segue's own waits ({@link dev.segue.Async#sleep}, {@link
 * dev.segue.Task#await}, …) or with ordinary blocking Java; either way only that task waits.
 * Between two waits nobody else runs on the loop, so tasks of one loop share state without locks;
 * what must not be interleaved across a wait takes an {@link dev.segue.AsyncLock}.
 *
 * <p>To read the code, start with {@code EventLoop} (life cycle), then {@code Kernel}: {@code
 * serve} is one step of the loop. A task is suspended in {@code Coroutine.suspend}, by every wait,
 * and made ready again in {@code Coroutine.wakeUp}; the two {@code TaskEngine}s say how a thread
 * leaves the loop and comes back. What other threads bring arrives through {@code Inbox}.
 * Cancellation is the tree of {@code CancelNode}s; what a suspended task waits for is its {@code
 * Wait}. The seams for tools are {@link dev.segue.LoopClock} (time), {@link dev.segue.Schedule}
 * (order) and {@link dev.segue.Instrument} (observation).
 *
 * <p>What is marked {@code @LoopConfined} is touched on the loop only, what is marked
 * {@code @AnyThread} by every thread.
 */
@NullMarked
package dev.segue;

import org.jspecify.annotations.NullMarked;

package dev.segue.futures.internal;

/**
 * A callback of Segue's own, which ends soon and never blocks: a {@link
 * dev.segue.futures.WorkFuture} may call it on a thread that has other work to do.
 */
public interface QuickCallback extends Runnable {}

package dev.segue;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a task is made from.
 *
 * @param kernel the loop that will run it
 * @param id its number in that loop
 * @param name the name it was given; null for none
 * @param creation where it was created; null unless debugging
 * @param body what it runs, decorated
 * @param startsRegardless whether the body begins even if the task is cancelled first
 */
record TaskSpec<T extends @Nullable Object>(
    Kernel kernel,
    long id,
    @Nullable String name,
    @Nullable Throwable creation,
    Callable<T> body,
    boolean startsRegardless) {}

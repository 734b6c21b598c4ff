package dev.segue.testing;

/**
 * What one simulation may do.
 *
 * @param steps how many steps its tasks make, at most
 * @param cancels how many scopes are cancelled, at most
 * @param slowSteps how many steps last until the next timer is due, at most
 * @param leftBehind whether a task that the body leaves behind is a failure
 */
record Limits(int steps, int cancels, int slowSteps, boolean leftBehind) {}

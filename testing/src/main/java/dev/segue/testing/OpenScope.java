package dev.segue.testing;

import dev.segue.CancelScope;

/**
 * A scope that a simulation may cancel, as long as it is open. Confined to the simulation's loop.
 */
final class OpenScope {
  final SimulatedTask owner;
  final CancelScope scope;

  /** The place among the owner's scopes, from 1. */
  final int number;

  /** How many steps the loop has made since it was opened. */
  int opportunities;

  OpenScope(SimulatedTask owner, CancelScope scope) {
    this.owner = owner;
    this.scope = scope;
    this.number = ++owner.scopes;
  }
}

package dev.segue.testing;

import java.util.Arrays;

/**
 * A schedule that departs from the ordinary one at given points, counted from the start. It notes
 * the points that follow the last of them, where others may depart that have this one as a parent.
 */
final class Departures implements Chooser {
  /** The ordinary schedule. */
  static Departures none() {
    return new Departures(new int[0], new int[0], 0, 0);
  }

  private final int[] at;
  private final int[] way;
  private final int cost;
  private final long courseBefore; // the last departure, in the parent

  private int departed;
  private int point;
  private boolean diverged;
  private boolean mayRaise; // the last departure's way
  private int count;
  private int[] ways = {}; // at the points after the last departure, negative if they add up
  private long[] courses = {};

  private Departures(int[] at, int[] way, int cost, long courseBefore) {
    this.at = at;
    this.way = way;
    this.cost = cost;
    this.courseBefore = courseBefore;
  }

  /** The same, for another run. */
  Departures again() {
    return new Departures(at, way, cost, courseBefore);
  }

  /** How many departures there are; one to the third way counts as two. */
  int cost() {
    return cost;
  }

  /** Whether the run did not repeat what its parent had done up to the last departure. */
  boolean diverged() {
    return diverged || departed < at.length;
  }

  @Override
  public int choose(Simulation simulation) {
    int here = point++;
    boolean addsUp = simulation.choice() == Simulation.Choice.NEXT;
    if (departed < at.length) {
      if (here < at[departed]) {
        return 0;
      }
      int taken = way[departed++];
      if (departed == at.length) {
        diverged = simulation.course() != courseBefore;
        mayRaise = addsUp && taken + 1 < simulation.ways();
      }
      diverged |= taken >= simulation.ways();
      return Math.min(taken, simulation.ways() - 1);
    }
    if (count == ways.length) {
      ways = Arrays.copyOf(ways, 2 * count + 8);
      courses = Arrays.copyOf(courses, 2 * count + 8);
    }
    ways[count] = addsUp ? -simulation.ways() : simulation.ways();
    courses[count++] = simulation.course();
    return 0;
  }

  /** Receives the schedules with one departure more, each of which has no other parent. */
  interface Receiver {
    /** Takes one; returns whether there is room for another. */
    boolean take(Departures child);
  }

  /** Passes the children on; returns whether all were taken. */
  boolean children(Receiver receiver) {
    if (mayRaise) {
      var raised = way.clone();
      raised[raised.length - 1]++;
      if (!receiver.take(new Departures(at, raised, cost + 1, courseBefore))) {
        return false;
      }
    }
    int first = point - count;
    for (int i = 0; i < count; i++) {
      int most = ways[i] < 0 ? 1 : ways[i] - 1;
      for (int taken = 1; taken <= most; taken++) {
        if (!receiver.take(child(first + i, taken, courses[i]))) {
          return false;
        }
      }
    }
    return true;
  }

  private Departures child(int where, int taken, long course) {
    var nextAt = Arrays.copyOf(at, at.length + 1);
    var nextWay = Arrays.copyOf(way, way.length + 1);
    nextAt[at.length] = where;
    nextWay[way.length] = taken;
    return new Departures(nextAt, nextWay, cost + 1, course);
  }
}

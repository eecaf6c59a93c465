package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.List;
import org.slotrit.peer.contract.RaceFormat;

/** Where on the course times are taken, and what speed is possible on it. */
final class Course {
    /** Nobody skates faster on average, in metres a second. */
    static final int FASTEST = 20;

    /** Lengths are counted in twelfths of a metre: a lap of 333⅓ m, and its half, has so many whole ones. */
    private static final long METRE = 12;

    private Course() {}

    /** Tell whether a time over a distance asks for more than 20 m/s on average. */
    static boolean tooFast(int distanceM, int timeMs) {
        return distanceM * 1000L > (long) FASTEST * timeMs;
    }

    /**
     * List the distances at which a race is timed, in whole metres, the finish last.
     *
     * <p>The first is the distance modulo the lap (a whole lap where that is 0), then one every lap; in a
     * team pursuit one every half lap. A line between two whole metres is named by the nearest one.
     */
    static List<Integer> splits(RaceFormat format, int distanceM, double trackLengthM) {
        long every = lap(trackLengthM);
        if (format == RaceFormat.TEAM_PURSUIT) {
            every /= 2;
        }
        long whole = distanceM * METRE;
        long laps = nearest(whole, every);
        boolean startsOnALine = Math.abs(laps * every - whole) <= METRE / 2 || whole % every == 0;
        long first = startsOnALine ? every : whole % every;
        long lines = startsOnALine ? laps : whole / every + 1;
        List<Integer> splits = new ArrayList<>((int) lines);
        for (long line = 0; line < lines - 1; line++) {
            splits.add((int) nearest(first + every * line, METRE));
        }
        splits.add(distanceM);
        return splits;
    }

    /** The exact length of a lap: whole and half metres as they are, 333.3 as 333⅓. */
    private static long lap(double trackLengthM) {
        long best = 0;
        double miss = Double.MAX_VALUE;
        for (int part = 1; part <= 3; part++) {
            double parts = Math.rint(trackLengthM * part);
            if (Math.abs(parts / part - trackLengthM) < miss) {
                miss = Math.abs(parts / part - trackLengthM);
                best = (long) parts * (METRE / part);
            }
        }
        return best;
    }

    /** Divide and round; a half goes to the even one. */
    private static long nearest(long length, long by) {
        long down = length / by;
        long twice = 2 * (length % by);
        return twice > by || (twice == by && down % 2 == 1) ? down + 1 : down;
    }
}

package org.slotrit.peer.race;

import java.util.Map;
import org.slotrit.peer.contract.Lane;
import org.slotrit.peer.contract.Method;
import org.slotrit.peer.contract.Moment;

/**
 * What counts at a line.
 *
 * @param timeMs the time in milliseconds
 * @param lane null where it was not told
 */
record Counting(int timeMs, Method method, Lane lane) {
    private static final Method[] BEST_FIRST = Method.values();

    /**
     * Find what counts at a line of one attempt: of the measurements that hold that of the best method.
     *
     * @return null where nothing measured there holds
     */
    static Counting at(Race race, Skater skater, int pair, int distanceM) {
        Map<Method, Measured> there = skater.attempts().get(pair).passings().get(distanceM);
        if (there == null) {
            return null;
        }
        for (Method method : BEST_FIRST) {
            Measured measured = there.get(method);
            if (measured != null && !isVoid(measured, race, skater, pair, distanceM, method)) {
                return new Counting(measured.timeMs(), method, measured.lane());
            }
        }
        return null;
    }

    private static boolean isVoid(
            Measured measured, Race race, Skater skater, int pair, int distanceM, Method method) {
        Moment until = race.pairs().get(pair).cleared();
        if (!skater.deleted().isEmpty()) {
            Map<String, Moment> deleted = skater.deleted();
            until = Moment.later(until, deleted.get(Skater.deletion(distanceM, pair, method)));
            until = Moment.later(until, deleted.get(Skater.deletion(distanceM, pair, null)));
            until = Moment.later(until, deleted.get(Skater.deletion(distanceM, null, method)));
            until = Moment.later(until, deleted.get(Skater.deletion(distanceM, null, null)));
        }
        return until != null && !measured.at().isAfter(until);
    }
}

package org.slotrit.peer.race;

import org.slotrit.peer.contract.Lane;
import org.slotrit.peer.contract.Moment;

/** The latest time that one method gave at a line, in milliseconds, and in which lane. */
public record Measured(Moment at, int timeMs, Lane lane) {
    /** Of two the latest holds; of equal instants the larger time, then the first lane. */
    static Measured holding(Measured before, Measured now) {
        if (before == null) {
            return now;
        }
        int later = now.at.compareTo(before.at);
        if (later == 0) {
            later = Integer.compare(now.timeMs, before.timeMs);
        }
        if (later == 0) {
            later = Integer.compare(Lane.number(before.lane), Lane.number(now.lane));
        }
        return later > 0 ? now : before;
    }
}

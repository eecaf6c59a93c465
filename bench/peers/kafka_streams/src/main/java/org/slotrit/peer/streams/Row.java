package org.slotrit.peer.streams;

import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.race.Race;

/**
 * What the store has of a race.
 *
 * @param offset of the last event that is in it; what comes again up to there is known
 * @param version of the last standings that were published
 * @param asOf when those were so
 * @param cause the offset of the event behind them
 */
record Row(Race race, long offset, int version, Moment asOf, long cause) {
    /** A later state of the race, of which the same is to be said. */
    Row with(Race later, long upTo) {
        return new Row(later, upTo, version, asOf, cause);
    }
}

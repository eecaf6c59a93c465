package org.slotrit.peer.race;

import org.slotrit.peer.contract.Moment;

/** When a pair was last called, started, cleared and confirmed; each may be null. */
public record PairLife(Moment called, Moment started, Moment cleared, Moment confirmed) {
    static final PairLife NONE = new PairLife(null, null, null, null);

    PairLife calledAt(Moment at) {
        return new PairLife(Moment.later(called, at), started, cleared, confirmed);
    }

    PairLife startedAt(Moment at) {
        return new PairLife(called, Moment.later(started, at), cleared, confirmed);
    }

    PairLife clearedAt(Moment at) {
        return new PairLife(called, started, Moment.later(cleared, at), confirmed);
    }

    PairLife confirmedAt(Moment at) {
        return new PairLife(called, started, cleared, Moment.later(confirmed, at));
    }

    /** Whether the timekeepers stand by the times; a clock reset afterwards takes that back. */
    boolean standsConfirmed() {
        return confirmed != null && (cleared == null || confirmed.isAfter(cleared));
    }

    /** When the pair was last called or started; null where it was not. */
    Moment onIceSince() {
        return Moment.later(called, started);
    }
}

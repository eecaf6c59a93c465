package org.slotrit.peer.race;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.slotrit.peer.contract.Lane;
import org.slotrit.peer.contract.Method;
import org.slotrit.peer.contract.Moment;

/**
 * A competitor in a pair: by a start list, or as a reskate.
 *
 * @param listedAt when a start list last had it; null where none did
 * @param passings by distance and method the latest measurement
 */
public record Attempt(
        Moment listedAt,
        Lane listedLane,
        boolean reskate,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Integer, Map<Method, Measured>> passings) {
    static final Attempt NONE = new Attempt(null, null, false, Map.of());

    public Attempt {
        passings = Facts.of(passings);
    }

    Attempt listed(Moment at, Lane lane) {
        return new Attempt(at, lane, reskate, passings);
    }

    Attempt granted() {
        return new Attempt(listedAt, listedLane, true, passings);
    }

    Attempt measured(int distanceM, Method method, Measured measured) {
        Map<Method, Measured> there = passings.getOrDefault(distanceM, Map.of());
        Measured holds = Measured.holding(there.get(method), measured);
        if (holds.equals(there.get(method))) {
            return this;
        }
        Map<Method, Measured> more = Facts.with(there, method, holds);
        return new Attempt(listedAt, listedLane, reskate, Facts.with(passings, distanceM, more));
    }
}

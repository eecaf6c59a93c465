package org.slotrit.peer.contract;

import java.util.List;

/** The output topic: the state of a race after an event that changed it. */
public record Standings(
        String type,
        String raceId,
        int version,
        Status status,
        Moment asOf,
        RaceDefinition race,
        List<Entry> entries,
        List<Integer> onIce,
        List<Integer> next,
        int remaining) {
    public static final String TYPE = "standings";
}

package org.slotrit.peer.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The lane of the start, in the order in which a sheet prints skaters of one pair. */
public enum Lane {
    @JsonProperty("inner")
    INNER,
    @JsonProperty("outer")
    OUTER,
    @JsonProperty("inner2")
    INNER2,
    @JsonProperty("outer2")
    OUTER2;

    /** A lane's place in the order of the sheet; none comes last. */
    public static int number(Lane lane) {
        return lane == null ? values().length : lane.ordinal();
    }
}

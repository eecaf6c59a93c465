package org.slotrit.peer.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who is on the ice together. */
public enum RaceFormat {
    @JsonProperty("pairs")
    PAIRS,
    @JsonProperty("quartets")
    QUARTETS,
    @JsonProperty("team_pursuit")
    TEAM_PURSUIT,
    @JsonProperty("team_sprint")
    TEAM_SPRINT,
    @JsonProperty("mass_start")
    MASS_START
}

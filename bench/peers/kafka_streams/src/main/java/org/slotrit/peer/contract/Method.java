package org.slotrit.peer.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a time at a line was measured, the best first. */
public enum Method {
    @JsonProperty("photo_finish")
    PHOTO_FINISH,
    @JsonProperty("optical")
    OPTICAL,
    @JsonProperty("transponder")
    TRANSPONDER,
    @JsonProperty("manual")
    MANUAL
}

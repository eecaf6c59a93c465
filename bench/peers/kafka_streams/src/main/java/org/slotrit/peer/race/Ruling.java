package org.slotrit.peer.race;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.slotrit.peer.contract.Irm;
import org.slotrit.peer.contract.Mark;
import org.slotrit.peer.contract.Moment;

/** The referees' word on a competitor. */
public record Ruling(
        Moment at,
        Irm irm,
        String rule,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Mark> marks) {
    public Ruling {
        marks = marks == null ? List.of() : marks;
    }

    /** Whether there is anything to print; one that was lifted says nothing any more. */
    boolean speaks() {
        return irm != null || (rule != null && !rule.isEmpty()) || !marks.isEmpty();
    }
}

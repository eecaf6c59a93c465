package org.slotrit.peer.race;

import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.contract.Status;
import java.util.EnumSet;
import java.util.Map;

/**
 * What moves a race through its statuses; of several at one instant the first here comes first.
 *
 * <p>Of each kind only the latest instant is kept: whatever an earlier one led to, the later one overrides.
 */
public enum LifeEvent {
    CALLED,
    STARTED,
    MEASURED,
    PAUSED,
    RESUMED,
    CLOSED;

    /** Find the status of a race from the latest instant of each kind. */
    static Status status(Map<LifeEvent, Moment> life, Status closedAs) {
        Status now = Status.START_LIST;
        EnumSet<LifeEvent> left = EnumSet.noneOf(LifeEvent.class);
        left.addAll(life.keySet());
        while (!left.isEmpty()) {
            LifeEvent first = null;
            for (LifeEvent event : left) {
                if (first == null || life.get(event).isBefore(life.get(first))) {
                    first = event;
                }
            }
            left.remove(first);
            now = first.leads(now, closedAs);
        }
        return now;
    }

    private Status leads(Status now, Status closedAs) {
        return switch (this) {
            case CALLED, STARTED -> Status.LIVE;
            case MEASURED -> now.isClosed() ? now : Status.LIVE;
            case PAUSED -> now == Status.LIVE ? Status.INTERMEDIATE : now;
            case RESUMED -> now == Status.INTERMEDIATE ? Status.LIVE : now;
            case CLOSED -> closedAs == null ? now : closedAs;
        };
    }
}

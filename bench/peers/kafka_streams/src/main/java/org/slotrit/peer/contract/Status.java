package org.slotrit.peer.contract;

/** The status of a race; the last four are those of a race that has ended. */
public enum Status {
    START_LIST,
    LIVE,
    INTERMEDIATE,
    UNOFFICIAL,
    OFFICIAL,
    PROTESTED,
    PROVISIONAL;

    public boolean isClosed() {
        return ordinal() >= UNOFFICIAL.ordinal();
    }
}

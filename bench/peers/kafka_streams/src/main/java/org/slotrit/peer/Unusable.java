package org.slotrit.peer;

/** An event that cannot be used; the message says why, for the people who sent it. */
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    public Unusable(String reason) {
        super(reason, null, false, false);
    }
}

package org.slotrit.peer.streams;

import java.util.LinkedHashMap;
import java.util.Map;

/** The races handled last, as objects; of all others there is the row in the store. */
final class Known<T> extends LinkedHashMap<String, T> {
    private static final long serialVersionUID = 1;

    /** More than there are races in a weekend. */
    private static final int AT_HAND = 200;

    Known() {
        super(AT_HAND, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > AT_HAND;
    }
}

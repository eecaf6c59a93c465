package org.slotrit.peer.race;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps that are never changed, in the order in which things were first heard of. */
final class Facts {
    private Facts() {}

    /** A map as it was read, none where there was none. */
    static <K, V> Map<K, V> of(Map<K, V> facts) {
        return facts == null ? Map.of() : facts;
    }

    /** The same map with one thing more, or another. */
    static <K, V> Map<K, V> with(Map<K, V> facts, K name, V fact) {
        Map<K, V> more = new LinkedHashMap<>(facts);
        more.put(name, fact);
        return Collections.unmodifiableMap(more);
    }
}

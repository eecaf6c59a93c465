package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A place among others: equal ones share it, and the next is skipped, as in 9, 9, 11. */
record Rank<T>(T item, int rank, boolean isShared) {

    /** Rank items from best to worst, lowest first; equal ones stay in their order. */
    static <T> List<Rank<T>> ranks(List<T> items, Comparator<T> merit) {
        List<T> sorted = new ArrayList<>(items);
        sorted.sort(merit);
        List<Rank<T>> ranked = new ArrayList<>(sorted.size());
        int first = 0;
        while (first < sorted.size()) {
            int next = first + 1;
            while (next < sorted.size() && merit.compare(sorted.get(first), sorted.get(next)) == 0) {
                next++;
            }
            for (int place = first; place < next; place++) {
                ranked.add(new Rank<>(sorted.get(place), first + 1, next - first > 1));
            }
            first = next;
        }
        return ranked;
    }
}

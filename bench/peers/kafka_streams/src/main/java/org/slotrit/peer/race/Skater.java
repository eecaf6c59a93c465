package org.slotrit.peer.race;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slotrit.peer.contract.Competitor;
import org.slotrit.peer.contract.Method;
import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.contract.StartLine;

/**
 * A competitor in the race.
 *
 * @param listed the pairs of the present start list
 * @param attempts by pair all there ever were
 * @param deleted by {@link #deletion} the moment up to which measurements do not count
 */
public record Skater(
        Competitor competitor,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> listed,
        Map<Integer, Attempt> attempts,
        Ruling ruling,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Moment> deleted) {
    public Skater {
        listed = listed == null ? List.of() : listed;
        attempts = Facts.of(attempts);
        deleted = Facts.of(deleted);
    }

    Skater(Competitor competitor) {
        this(competitor, List.of(), Map.of(), null, Map.of());
    }

    /** Name what a deletion takes back: a distance, of one pair or all, of one method or all. */
    static String deletion(int distanceM, Integer pair, Method method) {
        return distanceM + "/" + (pair == null ? "*" : pair) + "/" + (method == null ? "*" : method);
    }

    /** Note a line of a start list, as far as no later list said otherwise. */
    Skater noted(StartLine line, Moment at) {
        Moment last = null;
        for (Attempt attempt : attempts.values()) {
            last = Moment.later(last, attempt.listedAt());
        }
        Attempt attempt = attempts.getOrDefault(line.pair(), Attempt.NONE);
        if (attempt.listedAt() == null || !at.isBefore(attempt.listedAt())) {
            attempt = attempt.listed(at, line.lane());
        }
        Competitor now = last == null || !at.isBefore(last) ? line.competitor() : competitor;
        return new Skater(now, listed, Facts.with(attempts, line.pair(), attempt), ruling, deleted);
    }

    Skater unlisted() {
        return listed.isEmpty() ? this : new Skater(competitor, List.of(), attempts, ruling, deleted);
    }

    Skater listedIn(int pair) {
        List<Integer> more = new ArrayList<>(listed);
        more.add(pair);
        return new Skater(competitor, List.copyOf(more), attempts, ruling, deleted);
    }

    Skater with(int pair, Attempt attempt) {
        return new Skater(competitor, listed, Facts.with(attempts, pair, attempt), ruling, deleted);
    }

    Skater ruled(Ruling word) {
        return new Skater(competitor, listed, attempts, word, deleted);
    }

    Skater deleted(String what, Moment until) {
        return new Skater(competitor, listed, attempts, ruling, Facts.with(deleted, what, until));
    }

    /** The pairs in which a reskate was granted, in order. */
    List<Integer> reskates() {
        return attempts.entrySet().stream()
                .filter(each -> each.getValue().reskate())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The pair that comes last of those the competitor is to skate in, else of the last listing. */
    int latestPair() {
        int latest = 0;
        Moment last = null;
        int lastPair = 1;
        for (Map.Entry<Integer, Attempt> each : attempts.entrySet()) {
            int pair = each.getKey();
            Attempt attempt = each.getValue();
            if (attempt.reskate() || listed.contains(pair)) {
                latest = Math.max(latest, pair);
            }
            Moment at = attempt.listedAt();
            int later = at == null ? -1 : last == null ? 1 : at.compareTo(last);
            if (later > 0 || (later == 0 && pair > lastPair)) {
                last = at;
                lastPair = pair;
            }
        }
        return latest > 0 ? latest : lastPair;
    }
}

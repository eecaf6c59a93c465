package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slotrit.peer.contract.Competitor;
import org.slotrit.peer.contract.Irm;
import org.slotrit.peer.contract.Lane;
import org.slotrit.peer.contract.Mark;

/**
 * What a competitor has to show: the attempt that counts, else the latest, with what counts in it.
 *
 * @param splits by distance, in the order of the course
 * @param finish at the full distance, in a mass start at the last completed lap; null before
 * @param toSkate the pairs in which a finish is still to come, in order
 */
record Skated(
        Competitor competitor,
        int pair,
        Lane lane,
        Map<Integer, Counting> splits,
        int lastLine,
        Counting finish,
        Irm irm,
        String rule,
        List<Mark> marks,
        boolean confirmed,
        List<Integer> toSkate) {

    /** The finish, unless an irm takes the rank away. */
    Counting ranked() {
        return irm == null ? finish : null;
    }

    /**
     * Sum up a competitor. The best finish of all attempts counts, of equal ones that of the earlier attempt.
     *
     * @return null for one who is neither listed, nor measured, nor ruled on
     */
    static Skated of(Race race, Skater skater, List<Integer> course, boolean over) {
        int full = course.get(course.size() - 1);
        Map<Integer, Map<Integer, Counting>> byPair = new TreeMap<>();
        List<Integer> finished = new ArrayList<>(2);
        Integer best = null;
        boolean isMeasured = false;
        for (int pair : new TreeSet<>(skater.attempts().keySet())) {
            Map<Integer, Counting> there = splits(race, skater, pair, course);
            byPair.put(pair, there);
            isMeasured |= !there.isEmpty();
            if (there.containsKey(full)) {
                finished.add(pair);
                if (best == null || there.get(full).timeMs() < byPair.get(best).get(full).timeMs()) {
                    best = pair;
                }
            }
        }
        List<Integer> reskates = skater.reskates();
        Ruling ruling = skater.ruling() != null && skater.ruling().speaks() ? skater.ruling() : null;
        if (skater.listed().isEmpty() && reskates.isEmpty() && ruling == null && !isMeasured) {
            return null;
        }
        int pair = best != null ? best : skater.latestPair();
        Map<Integer, Counting> there = byPair.getOrDefault(pair, Map.of());
        int last = there.isEmpty() ? 0 : Collections.max(there.keySet());
        Irm irm = ruling == null ? null : ruling.irm();
        boolean isDone = irm != null || (!there.isEmpty() && over);
        return new Skated(
                skater.competitor(),
                pair,
                lane(skater.attempts().getOrDefault(pair, Attempt.NONE), there),
                there,
                last,
                there.get(race.massStart() ? last : full),
                irm,
                ruling == null ? null : ruling.rule(),
                ruling == null ? List.of() : ruling.marks(),
                race.pairs().getOrDefault(pair, PairLife.NONE).standsConfirmed(),
                isDone ? List.of() : toSkate(skater, reskates, finished));
    }

    private static Map<Integer, Counting> splits(
            Race race, Skater skater, int pair, List<Integer> course) {
        if (skater.attempts().get(pair).passings().isEmpty()) {
            return Map.of();
        }
        Map<Integer, Counting> there = new LinkedHashMap<>();
        for (int line : course) {
            Counting counting = Counting.at(race, skater, pair, line);
            if (counting != null) {
                there.put(line, counting);
            }
        }
        return there;
    }

    /** The lane of the start: as listed, else of what counts the first on the sheet, else null. */
    private static Lane lane(Attempt attempt, Map<Integer, Counting> there) {
        Lane first = attempt.listedLane();
        if (first == null) {
            for (Counting each : there.values()) {
                first = Lane.number(each.lane()) < Lane.number(first) ? each.lane() : first;
            }
        }
        return first;
    }

    private static List<Integer> toSkate(Skater skater, List<Integer> reskates, List<Integer> finished) {
        TreeSet<Integer> pairs = new TreeSet<>(reskates);
        if (finished.isEmpty()) {
            pairs.addAll(skater.listed());
            if (pairs.isEmpty()) {
                pairs.add(skater.latestPair());
            }
        }
        finished.forEach(pairs::remove);
        return List.copyOf(pairs);
    }
}

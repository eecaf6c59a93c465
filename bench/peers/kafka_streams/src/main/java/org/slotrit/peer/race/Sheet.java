package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slotrit.peer.contract.Entry;
import org.slotrit.peer.contract.Method;
import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.contract.Split;
import org.slotrit.peer.contract.Status;

/** Everything a standings message says, but for the race's definition, its version and its time. */
public record Sheet(
        Status status, List<Entry> entries, List<Integer> onIce, List<Integer> next, int remaining) {

    static Sheet of(Race race, List<Skated> present, List<Integer> course) {
        TreeSet<Integer> toSkate = new TreeSet<>();
        int remaining = 0;
        for (Skated each : present) {
            toSkate.addAll(each.toSkate());
            remaining += each.toSkate().isEmpty() ? 0 : 1;
        }
        return new Sheet(
                race.status(),
                entries(race, present, course),
                toSkate.stream().filter(pair -> isOnIce(race, pair)).toList(),
                toSkate.stream().filter(pair -> race.pairs().get(pair).onIceSince() == null).toList(),
                remaining);
    }

    /** A pair that misses a finish is out there, unless it went before a closing or was confirmed since. */
    private static boolean isOnIce(Race race, int pair) {
        PairLife life = race.pairs().get(pair);
        Moment since = life.onIceSince();
        Moment over = Moment.later(race.life().get(LifeEvent.CLOSED), life.confirmed());
        return since != null && (over == null || since.isAfter(over));
    }

    private static List<Entry> entries(Race race, List<Skated> present, List<Integer> course) {
        Map<String, List<Split>> splits = splits(present, course);
        Map<Integer, Integer> shown = new HashMap<>();
        for (Skated each : present) {
            if (each.ranked() != null) {
                shown.merge(Times.shown(each.ranked().timeMs()), 1, Integer::sum);
            }
        }
        List<Order.Place> places = Order.of(race, present);
        boolean isTimed = !race.massStart() && !places.isEmpty() && places.get(0).rank() != null;
        Integer leaderMs = isTimed ? places.get(0).skated().finish().timeMs() : null;
        List<Entry> entries = new ArrayList<>(places.size());
        for (Order.Place place : places) {
            List<Split> printed = splits.get(place.skated().competitor().id());
            entries.add(entry(place, entries.size() + 1, leaderMs, shown, printed));
        }
        return entries;
    }

    private static Entry entry(
            Order.Place place,
            int sortOrder,
            Integer leaderMs,
            Map<Integer, Integer> shown,
            List<Split> splits) {
        Skated skated = place.skated();
        Counting finish = skated.ranked();
        Integer timeMs = finish == null ? null : finish.timeMs();
        Integer behindMs =
                timeMs == null || leaderMs == null ? null : (Integer) Times.difference(timeMs, leaderMs);
        boolean isShared = timeMs != null && shown.get(Times.shown(timeMs)) > 1;
        boolean isFinal = finish != null && finish.method() == Method.PHOTO_FINISH;
        return new Entry(
                place.rank(),
                place.rankEqual(),
                sortOrder,
                skated.competitor(),
                skated.pair(),
                skated.lane(),
                timeMs,
                timeMs == null ? null : Times.text(timeMs),
                isShared ? Integer.toString(timeMs % 10) : null,
                behindMs,
                behindMs == null ? null : Times.gap(behindMs),
                skated.irm(),
                skated.rule(),
                skated.marks(),
                finish == null ? null : finish.method(),
                !(skated.confirmed() || isFinal),
                splits,
                place.points());
    }

    /** Print everybody's splits, with the rank among those without an irm at each line, by thousandths. */
    private static Map<String, List<Split>> splits(List<Skated> present, List<Integer> course) {
        Map<String, List<Split>> printed = new HashMap<>();
        present.forEach(each -> printed.put(each.competitor().id(), new ArrayList<>(course.size())));
        Integer previous = null;
        for (int line : course) {
            List<Skated> ranked = new ArrayList<>(present.size());
            for (Skated each : present) {
                Counting here = each.splits().get(line);
                if (here != null && each.irm() == null) {
                    ranked.add(each);
                } else if (here != null) {
                    printed.get(each.competitor().id()).add(split(each, line, previous, null, false));
                }
            }
            for (Rank<Skated> each : Rank.ranks(ranked, (one, other) -> compare(one, other, line))) {
                Skated skated = each.item();
                printed.get(skated.competitor().id())
                        .add(split(skated, line, previous, each.rank(), each.isShared()));
            }
            previous = line;
        }
        return printed;
    }

    private static int compare(Skated one, Skated other, int line) {
        return Integer.compare(one.splits().get(line).timeMs(), other.splits().get(line).timeMs());
    }

    private static Split split(
            Skated skated, int line, Integer previous, Integer rank, boolean rankEqual) {
        int timeMs = skated.splits().get(line).timeMs();
        Counting before = previous == null ? null : skated.splits().get(previous);
        Integer lapMs = null;
        if (previous == null || before != null) {
            lapMs = Times.difference(timeMs, before == null ? 0 : before.timeMs());
        }
        return new Split(line, timeMs, lapMs, rank, rankEqual);
    }
}

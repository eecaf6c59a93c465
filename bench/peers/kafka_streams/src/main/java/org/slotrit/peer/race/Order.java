package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slotrit.peer.contract.Lane;

/** The order of the sheet: who has a rank, who is still to skate, then DNF, DQ, DNS and WDR. */
final class Order {
    /** A competitor's place; {@code rank} null without one, {@code points} null but in a mass start. */
    record Place(Skated skated, Integer rank, boolean rankEqual, Integer points) {}

    private static final Comparator<Skated> BY_START =
            Comparator.comparingInt(Skated::pair).thenComparingInt(each -> Lane.number(each.lane()));

    private Order() {}

    static List<Place> of(Race race, List<Skated> present) {
        Map<String, Integer> points = race.massStart() ? points(race) : null;
        List<Skated> byStart = new ArrayList<>(present);
        byStart.sort(BY_START);
        List<Skated> ranked = byStart.stream().filter(each -> each.ranked() != null).toList();
        List<Place> places = new ArrayList<>(present.size());
        for (Rank<Skated> rank : Rank.ranks(ranked, merit(points))) {
            Skated skated = rank.item();
            places.add(new Place(skated, rank.rank(), rank.isShared(), points(points, skated)));
        }
        byStart.stream()
                .filter(each -> each.ranked() == null)
                .sorted(Comparator.comparingInt(each -> each.irm() == null ? -1 : each.irm().ordinal()))
                .forEach(each -> places.add(new Place(each, null, false, points(points, each))));
        return places;
    }

    /** Times decide; in a mass start laps do, then points, then the time of the last lap. */
    private static Comparator<Skated> merit(Map<String, Integer> points) {
        Comparator<Skated> time = Comparator.comparingInt(each -> each.finish().timeMs());
        if (points == null) {
            return time;
        }
        return Comparator.<Skated>comparingInt(each -> -each.lastLine())
                .thenComparingInt(each -> -points(points, each))
                .thenComparing(time);
    }

    private static Integer points(Map<String, Integer> points, Skated skated) {
        return points == null ? null : points.getOrDefault(skated.competitor().id(), 0);
    }

    private static Map<String, Integer> points(Race race) {
        Map<String, Integer> total = new HashMap<>();
        for (Sprint sprint : race.sprints().values()) {
            sprint.points().forEach((id, points) -> total.merge(id, points, Integer::sum));
        }
        return total;
    }
}

package org.slotrit.peer.race;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A race with what follows from it, so that an event need not work out again what it did not touch. */
public final class Drawn {
    private final Race race;
    private final Map<String, Skated> skated;
    private final Sheet sheet;

    private Drawn(Race race, Map<String, Skated> skated, Sheet sheet) {
        this.race = race;
        this.skated = skated;
        this.sheet = sheet;
    }

    /** Draw up the sheet of a race; {@code before} is what it was an event earlier, null where unknown. */
    public static Drawn of(Race race, Drawn before) {
        List<Integer> course = race.course();
        boolean over = race.over();
        boolean isSame =
                before != null
                        && before.race.definition() == race.definition()
                        && before.race.over() == over;
        Map<String, Skated> skated = new LinkedHashMap<>();
        List<Skated> present = new ArrayList<>(race.skaters().size());
        for (Map.Entry<String, Skater> each : race.skaters().entrySet()) {
            String id = each.getKey();
            boolean isKnown = isSame && isUntouched(race, before.race, id, each.getValue());
            Skated now = isKnown ? before.skated.get(id) : Skated.of(race, each.getValue(), course, over);
            if (now != null) {
                skated.put(id, now);
                present.add(now);
            }
        }
        return new Drawn(race, skated, Sheet.of(race, present, course));
    }

    private static boolean isUntouched(Race race, Race before, String id, Skater skater) {
        if (before.skaters().get(id) != skater) {
            return false;
        }
        return race.pairs() == before.pairs()
                || skater.attempts().keySet().stream()
                        .allMatch(pair -> race.pairs().get(pair) == before.pairs().get(pair));
    }

    public Race race() {
        return race;
    }

    public Sheet sheet() {
        return sheet;
    }

    /** Whether a message would say the same of both. */
    public boolean saysTheSameAs(Drawn other) {
        return race.definition().equals(other.race.definition()) && sheet.equals(other.sheet);
    }
}

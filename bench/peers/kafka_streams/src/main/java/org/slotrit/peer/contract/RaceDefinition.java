package org.slotrit.peer.contract;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a race is: the part of {@code race.scheduled} that every standings message repeats.
 *
 * @param run a whole number, a text, or null
 */
public record RaceDefinition(
        String raceId,
        Competition competition,
        String discipline,
        int distanceM,
        RaceFormat format,
        String division,
        Object run,
        Moment scheduledAt,
        String pointsTable) {
    private static final Pattern DISCIPLINE =
            Pattern.compile("[MW](500|1000|1500|3000|5000|10000|TP|TS|MS)|XMR");
    private static final Pattern ID =
            Pattern.compile(
                    "[^/\\s]+/[A-Z0-9]+/[AB-](/[^/\\s]+)?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Set<String> DIVISIONS = Set.of("A", "B", "-");

    public RaceDefinition {
        division = division == null ? "-" : division;
        Must.name("race_id", raceId);
        Must.be(ID.matcher(raceId).matches(), "race_id: is none, got " + raceId);
        Must.exist("competition", competition);
        Must.exist("discipline", discipline);
        Must.be(DISCIPLINE.matcher(discipline).matches(), "discipline: is none, got " + discipline);
        Must.metres(distanceM);
        Must.exist("format", format);
        Must.be(DIVISIONS.contains(division), "division: must be A, B or -, got " + division);
        Must.be(isRun(run), "run: must be a whole number or a text, got " + run);
        if (pointsTable != null) {
            Must.name("points_table", pointsTable);
        }
        String spelled =
                competition.id() + "/" + discipline + "/" + division + (run == null ? "" : "/" + run);
        Must.be(raceId.equals(spelled), "race_id: must be " + spelled + ", got " + raceId);
        String digits = discipline.substring(1);
        Must.be(
                !Character.isDigit(digits.charAt(0)) || Integer.parseInt(digits) == distanceM,
                "distance_m: must be that of " + discipline + ", got " + distanceM);
    }

    private static boolean isRun(Object run) {
        if (run instanceof String text) {
            return text.length() <= 500;
        }
        return run == null || (run instanceof Number && !(run instanceof Double));
    }
}

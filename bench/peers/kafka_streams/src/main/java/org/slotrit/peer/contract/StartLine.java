package org.slotrit.peer.contract;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One line of a start list. A mass start needs no lane. */
public record StartLine(int pair, Lane lane, Competitor competitor) {
    private static final int LONGEST_LIST = 250;

    private record Place(int pair, Object taken) {}

    public StartLine {
        Must.pair(pair);
        Must.exist("competitor", competitor);
    }

    /** Check a whole list: it lists nobody twice in a pair, nor a lane. */
    static List<StartLine> list(List<StartLine> lines) {
        Must.exist("start_list", lines);
        List<StartLine> list = Must.listed("start_list", lines, LONGEST_LIST);
        Set<Place> seen = new HashSet<>();
        for (StartLine line : list) {
            boolean isNew = seen.add(new Place(line.pair, line.competitor.id()));
            boolean isFree = line.lane == null || seen.add(new Place(line.pair, line.lane));
            Must.be(isNew && isFree, "start_list: pair " + line.pair + " lists somebody or a lane twice");
        }
        return list;
    }
}

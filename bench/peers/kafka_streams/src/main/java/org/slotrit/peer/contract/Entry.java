package org.slotrit.peer.contract;

import java.util.List;

/** One competitor's line on the sheet; times are milliseconds and null without a finish. */
public record Entry(
        Integer rank,
        boolean rankEqual,
        int sortOrder,
        Competitor competitor,
        int pair,
        Lane lane,
        Integer timeMs,
        String time,
        String thousandth,
        Integer behindMs,
        String behind,
        Irm irm,
        String rule,
        List<Mark> marks,
        Method method,
        boolean unchecked,
        List<Split> splits,
        Integer points) {}

package org.slotrit.peer.contract;

import java.util.regex.Pattern;

/** The meeting. */
public record Competition(String id, String name, String season, String series, Venue venue) {
    private static final Pattern ID = Pattern.compile("[^/\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

    public Competition {
        Must.name("id", id);
        Must.be(ID.matcher(id).matches(), "competition.id: must have neither slash nor space, got " + id);
        Must.name("name", name);
        Must.exist("season", season);
        Must.text("season", season, 1, 100);
        Must.text("series", series, 0, 500);
        Must.exist("venue", venue);
    }
}

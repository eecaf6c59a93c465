package org.slotrit.peer.contract;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/**
 * Who a result belongs to: a skater, or a team with its members.
 *
 * @param birthDate as it is written, {@code 1998-03-02}; null where it is not known
 * @param members null but for a team
 */
public record Competitor(String id, String name, String country, String birthDate, List<Member> members) {
    private static final int LARGEST_TEAM = 20;

    public Competitor {
        Must.name("id", id);
        Must.name("name", name);
        Must.exist("country", country);
        Must.country(country);
        Must.be(birthDate == null || isDate(birthDate), "birth_date: must be a date, got " + birthDate);
        members = members == null ? null : Must.listed("members", members, LARGEST_TEAM);
    }

    private static boolean isDate(String written) {
        try {
            LocalDate.parse(written);
            return true;
        } catch (DateTimeException wrong) {
            return false;
        }
    }
}

package org.slotrit.peer.contract;

import java.util.List;
import java.util.regex.Pattern;

/** What values must be. Each of these raises {@link IllegalArgumentException} with the name of the field. */
final class Must {
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{3}");

    private Must() {}

    static void be(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }

    static void exist(String field, Object value) {
        be(value != null, field + ": is missing");
    }

    /** A number in a range, both ends included. A field that is missing is read as 0. */
    static void range(String field, int value, int least, int most) {
        be(value >= least && value <= most, field + ": must be " + least + " to " + most + ", got " + value);
    }

    static void pair(int pair) {
        range("pair", pair, 1, 10_000);
    }

    static void metres(int distanceM) {
        range("distance_m", distanceM, 1, 100_000);
    }

    /** A name that other messages refer to. */
    static void name(String field, String value) {
        exist(field, value);
        text(field, value, 1, 200);
    }

    static void country(String value) {
        be(COUNTRY.matcher(value).matches(), "country: must be three capitals, got " + value);
    }

    /** So many characters; null passes. */
    static void text(String field, String value, int least, int most) {
        int length = value == null ? least : value.codePointCount(0, value.length());
        be(length >= least && length <= most, field + ": must have " + least + " to " + most + " characters");
    }

    /** A list that is not longer than that; one that is missing is empty. */
    static <T> List<T> listed(String field, List<T> value, int most) {
        if (value == null) {
            return List.of();
        }
        be(value.size() <= most, field + ": must have at most " + most + " lines");
        be(!value.contains(null), field + ": has an empty line");
        return List.copyOf(value);
    }
}

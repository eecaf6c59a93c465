package org.slotrit.peer.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instant to the microsecond, which remembers the offset it was written with.
 *
 * <p>Two moments are equal where they are the same instant, whatever their offsets.
 *
 * @param micros microseconds since 1970 in UTC
 * @param offsetMinutes minutes east of UTC, to write it again as it came
 */
public record Moment(long micros, int offsetMinutes) implements Comparable<Moment> {
    private static final Pattern WRITTEN =
            Pattern.compile(
                    "(\\d{4})-(\\d{2})-(\\d{2})[Tt _](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?"
                            + "(?:[Zz]|([+-])(\\d{2}):?(\\d{2}))");
    private static final long MICROS = 1_000_000;

    /**
     * Read RFC 3339 with an offset; what is finer than a microsecond is cut off.
     *
     * @throws IllegalArgumentException where it is none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Moment parse(String written) {
        Matcher found = WRITTEN.matcher(written);
        if (!found.matches()) {
            throw new IllegalArgumentException("must be RFC 3339 with an offset, got " + written);
        }
        int hour = number(found, 4);
        int minute = number(found, 5);
        int second = number(found, 6);
        int offset = number(found, 9) * 60 + number(found, 10);
        if (hour > 23 || minute > 59 || second > 59 || offset >= 24 * 60 || number(found, 10) > 59) {
            throw new IllegalArgumentException("no such time of day: " + written);
        }
        int east = "-".equals(found.group(8)) ? -offset : offset;
        long seconds = day(found) * 86_400 + (hour * 60L + minute - east) * 60 + second;
        return new Moment(seconds * MICROS + fraction(found.group(7)), east);
    }

    private static long day(Matcher found) {
        try {
            return LocalDate.of(number(found, 1), number(found, 2), number(found, 3)).toEpochDay();
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    private static int number(Matcher found, int group) {
        return found.start(group) < 0 ? 0 : Integer.parseInt(found.group(group));
    }

    private static long fraction(String digits) {
        return digits == null ? 0 : Long.parseLong((digits + "00000").substring(0, 6));
    }

    /** The later of two; null is before everything. */
    public static Moment later(Moment one, Moment other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.compareTo(one) > 0 ? other : one;
    }

    public boolean isBefore(Moment other) {
        return micros < other.micros;
    }

    public boolean isAfter(Moment other) {
        return micros > other.micros;
    }

    /** As JSON has it: with six digits after the second or none, and {@code Z} for UTC. */
    @JsonValue
    public String written() {
        return written(offsetMinutes == 0 ? "Z" : offset());
    }

    /** As a CloudEvents header has it: UTC is {@code +00:00}. */
    public String writtenWithOffset() {
        return written(offset());
    }

    private String written(String zone) {
        long local = micros + offsetMinutes * 60 * MICROS;
        long second = Math.floorDiv(local, MICROS);
        int fraction = (int) Math.floorMod(local, MICROS);
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, 86_400L));
        int ofDay = (int) Math.floorMod(second, 86_400L);
        StringBuilder text = new StringBuilder(32).append(date).append('T');
        two(two(two(text, ofDay / 3600).append(':'), ofDay / 60 % 60).append(':'), ofDay % 60);
        if (fraction != 0) {
            text.append('.').append(Long.toString(MICROS + fraction), 1, 7);
        }
        return text.append(zone).toString();
    }

    private String offset() {
        int minutes = Math.abs(offsetMinutes);
        StringBuilder text = new StringBuilder(6).append(offsetMinutes < 0 ? '-' : '+');
        return two(two(text, minutes / 60).append(':'), minutes % 60).toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    @Override
    public int compareTo(Moment other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Moment moment && moment.micros == micros;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(micros);
    }
}

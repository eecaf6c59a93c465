package org.slotrit.peer.race;

/** Milliseconds, and the text people read: hundredths, truncated and never rounded. */
final class Times {
    private Times() {}

    /** Truncate a time to the hundredths that are shown, still in milliseconds: 67098 gives 67090. */
    static int shown(int timeMs) {
        return timeMs - timeMs % 10;
    }

    /** Subtract what is shown of {@code otherMs} from what is shown of {@code timeMs}. */
    static int difference(int timeMs, int otherMs) {
        return shown(timeMs) - shown(otherMs);
    }

    /** Write a time of at least 0 ms: 36090 gives {@code 36.09}, 67929 gives {@code 1:07.92}. */
    static String text(int timeMs) {
        int hundredths = timeMs / 10 % 100;
        int seconds = timeMs / 1000;
        StringBuilder text = new StringBuilder(10);
        if (seconds >= 60) {
            text.append(seconds / 60).append(':').append(seconds % 60 / 10).append(seconds % 10);
        } else {
            text.append(seconds);
        }
        return text.append('.').append(hundredths / 10).append(hundredths % 10).toString();
    }

    /** Write a gap: 400 gives {@code +0.40}, -1190 gives {@code -1.19}, and none an empty text. */
    static String gap(int gapMs) {
        return gapMs == 0 ? "" : (gapMs < 0 ? "-" : "+") + text(Math.abs(gapMs));
    }
}

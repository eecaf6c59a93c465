/**
 * Milliseconds, gaps and written times as people read them, in the language of the page.
 *
 * Messages carry written times in English form ("1:07.92"); the Dutch write "1.07,92". What is measured finer
 * than a hundredth is truncated, never rounded, as on the result sheet.
 */

const MINUS = "−";

/** Write a time of at least 0 ms in English form: 36090 gives "36.09", 67929 gives "1:07.92". */
export function textOf(timeMs) {
  const hundredths = Math.floor(timeMs / 10);
  const seconds = Math.floor(hundredths / 100);
  const minutes = Math.floor(seconds / 60);
  const fraction = String(hundredths % 100).padStart(2, "0");
  return minutes > 0
    ? `${minutes}:${String(seconds % 60).padStart(2, "0")}.${fraction}`
    : `${seconds}.${fraction}`;
}

/** Put a time or number written in English form into the form of `language` ("en" or "nl"). */
export function inLanguage(written, language) {
  return language === "nl" ? written.replaceAll(/[.:]/g, (mark) => (mark === "." ? "," : ".")) : written;
}

/** Write a time in milliseconds in the form of `language`; "" for null. */
export function shownTime(timeMs, language) {
  return timeMs === null || timeMs === undefined ? "" : inLanguage(textOf(timeMs), language);
}

/** Write a message's `time`, and its `thousandth` where it has one: "1:19.24(8)"; "" for null. */
export function shownWithThousandth(time, thousandth, language) {
  if (time === null || time === undefined) return "";
  return (
    inLanguage(time, language) + (thousandth === null || thousandth === undefined ? "" : `(${thousandth})`)
  );
}

/** Write a gap in milliseconds with its sign, a true minus sign where ahead: 400 gives "+0.40"; "" for null. */
export function shownGap(gapMs, language) {
  if (gapMs === null || gapMs === undefined) return "";
  return (gapMs < 0 ? MINUS : "+") + inLanguage(textOf(Math.abs(gapMs)), language);
}

/**
 * Subtract what is shown of `otherMs` from what is shown of `timeMs`, in milliseconds, so that what is on the
 * screen adds up.
 */
export function difference(timeMs, otherMs) {
  return Math.floor(timeMs / 10) * 10 - Math.floor(otherMs / 10) * 10;
}

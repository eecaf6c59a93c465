/**
 * Which language a page speaks, and how it says things in it. The words are in english.js and dutch.js.
 */

import { NL } from "./dutch.js";
import { EN } from "./english.js";

export const LANGUAGES = Object.freeze(["en", "nl"]);
const STORED = "slotrit.language";
const WORDS = { en: EN, nl: NL };

/**
 * Choose a language: the address's `lang`, else what was chosen before, else the browser's, else English.
 *
 * @param {string} search the query string of the page.
 * @param {string|null} stored what was chosen on an earlier visit.
 * @param {readonly string[]} spoken the browser's languages, the liked ones first, such as "nl-BE".
 */
export function chosenLanguage(search, stored, spoken) {
  const wishes = [new URLSearchParams(search).get("lang"), stored, ...spoken];
  const short = wishes.map((wish) => wish?.slice(0, 2).toLowerCase());
  return short.find((wish) => LANGUAGES.includes(wish)) ?? "en";
}

/** Choose the language of the page that is open now. */
export function pageLanguage() {
  return chosenLanguage(location.search, stored(), navigator.languages);
}

/** Remember a choice for later visits, where the browser allows it. */
export function remember(language) {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // A browser that stores nothing still shows the page.
  }
}

function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/**
 * Say something: the words under `key`, with `{name}` replaced by what `values` has for it.
 *
 * An unknown key is said as it is, so that a new status of a newer gateway is still readable.
 */
export function say(language, key, values = {}) {
  const words = WORDS[language]?.[key] ?? EN[key] ?? key;
  return words.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Name a race as an announcer does: "Men 1000 m, A division, race 2", "1000 m mannen, A-groep, race 2". */
export function raceTitle(race, language) {
  const event = race.discipline.slice(1);
  const title = say(language, `title.${/^\d+$/.test(event) ? "distance" : event}`, {
    gender: say(language, `gender.${race.discipline[0]}`),
    distance: event,
  });
  const division = race.division === "-" ? "" : `, ${say(language, "division", { division: race.division })}`;
  const run =
    race.run === null || race.run === undefined ? "" : `, ${say(language, "run", { run: race.run })}`;
  return title + division + run;
}

/** Write a place with its tie: "=8", or "" where there is none. */
export function shownRank(rank, rankEqual) {
  return rank === null || rank === undefined ? "" : `${rankEqual ? "=" : ""}${rank}`;
}

/** Write a place in words: "1st", "2nd"; Dutch "1e". */
export function ordinal(rank, language) {
  if (language === "nl") return `${rank}e`;
  const tens = rank % 100;
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][rank % 10] ?? "th");
  return `${rank}${ending}`;
}

/** Write a moment's hour and minute as on a clock at the rink: the offset of the message is kept. */
export function clockOf(instant) {
  return instant?.slice(11, 16) ?? "";
}

/** Write the day of a moment at the rink: "Friday 18 February 2022". */
export function dayOf(instant, language) {
  const [year, month, day] = instant.slice(0, 10).split("-").map(Number);
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const format = new Intl.DateTimeFormat(language === "nl" ? "nl-NL" : "en-GB", options);
  const parts = format
    .formatToParts(Date.UTC(year, month - 1, day))
    .filter((part) => part.type !== "literal");
  // Without the comma that some browsers write and others do not.
  return parts.map((part) => part.value).join(" ");
}

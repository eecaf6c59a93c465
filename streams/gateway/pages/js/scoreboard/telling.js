/**
 * Telling what has just happened: flashes for records, and words for who listens rather than looks.
 */

import { flashesIn, podiumsIn } from "../flashes.js";
import { ordinal, say } from "../language.js";
import { inLanguage, shownGap, shownTime, shownWithThousandth } from "../times.js";
import { byId, element } from "./dom.js";

/** How long a flash stays, in milliseconds. */
export const FLASH_MS = 14_000;
const FLASHES_AT_ONCE = 3;
/** Long enough for a screen reader to have taken it up. */
const SAID_MS = 20_000;

/** Show the flashes of all news after number `told`, and say podium changes. */
export function tellNews(known, raceId, told, language) {
  for (const flash of flashesIn(known, told))
    if (flash.message.race_id === raceId) showFlash(flash, language);
  for (const podium of podiumsIn(known, told)) {
    if (podium.race_id !== raceId || podium.podium.length === 0) continue;
    const places = podium.podium.map(
      (place) =>
        `${ordinal(place.rank, language)} ${place.competitor.name} ${inLanguage(place.time ?? "", language)}`,
    );
    announce(say(language, "tell podium is", { places: places.join(", ") }));
  }
}

/** Say the corrections of a race that came at `now`, results first; who only moved a place is heard in the podium. */
export function tellCorrections(race, now, language) {
  for (const entry of race.standings?.entries ?? []) {
    const was = race.was.get(entry.competitor.id);
    if (was === undefined || was.at !== now || !was.result) continue;
    const before = was.irm ?? shownWithThousandth(was.time, was.thousandth, language);
    const time = entry.irm
      ? say(language, `long.${entry.irm}`)
      : shownWithThousandth(entry.time, entry.thousandth, language);
    const words = [say(language, "tell correction", { name: entry.competitor.name, time, was: before })];
    if (was.rank !== entry.rank && entry.rank !== null && was.rank !== null) {
      words.push(
        say(language, "tell place", {
          rank: ordinal(entry.rank, language),
          was: ordinal(was.rank, language),
        }),
      );
    }
    announce(words.join(", "));
  }
}

/** Say something politely to who listens. */
export function announce(words) {
  const said = element("p", {}, words);
  byId("announcements").append(said);
  setTimeout(() => said.remove(), SAID_MS);
}

function showFlash({ type, kinds, message }, language) {
  const list = byId("flashes");
  const names = kinds.map((kind) => say(language, `long.${kind}`));
  const record = say(language, type, { record: names.join(", ") });
  const who = message.competitor ?? message.record.holder;
  const flash = element(
    "div",
    { class: "flash", "data-type": type, "data-kind": kinds[0] },
    element("strong", { class: "what" }, capital(record)),
    element("span", { class: "who" }, `${who.name} `, element("span", { class: "country" }, who.country)),
    element(
      type === "record.revoked" ? "s" : "span",
      { class: "time" },
      shownTime(message.time_ms ?? message.record.time_ms, language),
    ),
    element("span", { class: "more" }, aside(type, message, language)),
  );
  list.append(flash);
  while (list.children.length > FLASHES_AT_ONCE) list.firstElementChild.remove();
  setTimeout(() => flash.remove(), FLASH_MS);
}

function aside(type, message, language) {
  if (type === "record.revoked") {
    const cause = say(language, `cause.${message.cause}`);
    const stands = message.in_force && {
      time: inLanguage(message.in_force.time, language),
      name: message.in_force.holder.name,
    };
    return stands ? `${cause} · ${say(language, "record.stands", stands)}` : cause;
  }
  if (message.previous === null || type === "record.equalled") return "";
  const { time, holder } = message.previous;
  const gap = shownGap(message.margin_ms, language).slice(1);
  return say(language, "record.under", { gap, time: inLanguage(time, language), name: holder.name });
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

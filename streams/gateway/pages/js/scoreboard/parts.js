/**
 * Small parts that several sections of the page have: who somebody is, the lane's chip, a record's badge.
 */

import { ordinal, say } from "../language.js";
import { element, keyed, setAttribute, setText, show } from "./dom.js";

/** Make the chip of a pair and lane: its number on the lane's colour. */
export function laneChip() {
  return element(
    "span",
    { class: "lane" },
    element("span", { "aria-hidden": "true" }),
    element("span", { class: "unseen" }),
  );
}

/** Bring a chip up to date; without a lane it is only a number. */
export function drawLaneChip(chip, pair, lane, language) {
  const [number, words] = chip.children;
  setAttribute(chip, "data-lane", lane);
  setText(number, String(pair));
  const inWords = [say(language, "pair n", { pair })];
  if (lane !== null) inWords.push(say(language, lane), say(language, `colour.${lane}`));
  setText(words, inWords.join(", "));
  setAttribute(chip, "title", inWords.join(", "));
}

/** Make a name with its country, and the members of a team below it. */
export function nameplate() {
  return element(
    "span",
    { class: "nameplate" },
    element("span", { class: "name" }),
    element("span", { class: "country" }),
    element("span", { class: "members" }),
  );
}

/** Bring a nameplate up to date. */
export function drawNameplate(plate, competitor) {
  const [name, country, members] = plate.children;
  setText(name, competitor.name);
  // In a table of medals the country is the name.
  setText(country, competitor.country === competitor.name ? "" : competitor.country);
  const team = competitor.members ?? [];
  setText(members, team.map((member) => member.name).join(", "));
  show(members, team.length > 0);
}

/** Make and update the badges of a line within `parent`. */
export function drawBadges(parent, badges, language) {
  const keyOf = (badge) => `${badge.kind} ${badge.scope} ${badge.takenBack}`;
  const make = () => element("abbr", { class: "badge" });
  keyed(parent, badges, keyOf, make, (node, badge) => {
    setAttribute(node, "data-kind", badge.kind);
    setAttribute(node, "data-taken-back", badge.takenBack);
    setText(node, (badge.equalled ? "=" : "") + say(language, badge.kind));
    setAttribute(node, "title", recordWords(badge, language));
  });
}

function recordWords(badge, language) {
  const record = say(language, `long.${badge.kind}`);
  if (badge.takenBack) return say(language, "record.revoked", { record });
  return badge.equalled ? say(language, "record.equalled", { record }) : record;
}

/** Say a place in words, with a word where it is shared. */
export function placeWords(rank, rankEqual, language) {
  const place = ordinal(rank, language);
  return rankEqual ? `${place}, ${say(language, "tied")}` : place;
}

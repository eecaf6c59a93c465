/**
 * The page on a wall: the sheet fitted to the screen, its parts taking turns, and how old what is shown is.
 */

import { say } from "../language.js";
import { raceOf } from "../known.js";
import { MOST_LINES, ageOf, partOf } from "../wall.js";
import { byId, setText, show } from "./dom.js";

const UPRIGHT = matchMedia("(orientation: portrait)");
/** The race whose sheet takes turns, and since when on the page's clock. */
let turning = { race: null, since: 0 };

/** Show the part of the drawn sheet whose turn it is; css/wall.css makes its lines as high as there is room. */
export function fitSheet(raceId, now) {
  if (turning.race !== raceId) turning = { race: raceId, since: now };
  const rows = [...byId("standings-rows").children];
  const most = UPRIGHT.matches ? MOST_LINES.upright : MOST_LINES.lying;
  const { part, parts, from, lines } = partOf(rows.length, most, now - turning.since);
  rows.forEach((row, index) => show(row, index >= from && index < from + lines));
  byId("standings").style.setProperty("--lines", String(Math.max(1, lines)));
  show(byId("standings-part"), parts > 1);
  setText(byId("standings-part"), `${part}/${parts}`);
}

/** Write the moment that is shown, how long ago it was, and by how much everything is held back. */
export function drawAge(known, raceId, delay, language, clock) {
  const { standings } = raceOf(known, raceId);
  const words = delay > 0 ? [say(language, "delayed", { delay })] : [];
  if (standings !== null) {
    words.push(say(language, "as of", { time: standings.as_of.slice(11, 19) }));
    const age = ageOf(standings.as_of, clock);
    if (age !== null) words.push(say(language, `ago.${age.unit}`, { count: age.count }));
  }
  show(byId("race-age"), words.length > 0);
  setText(byId("race-age"), words.join(" · "));
}

/** Give the page back as it is elsewhere. */
export function leaveWall() {
  for (const row of byId("standings-rows").children) show(row, true);
  show(byId("standings-part"), false);
  show(byId("race-age"), false);
}

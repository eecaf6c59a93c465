/**
 * Who is still to come, with what is needed.
 */

import { comingOf } from "../coming.js";
import { say } from "../language.js";
import { inLanguage } from "../times.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { drawLaneChip, drawNameplate, laneChip, nameplate } from "./parts.js";

const SHOWN = 12;
let isOpen = false;

/** Let the button below the list show all or only the next; `redraw` is called after it was pressed. */
export function comingOpens(redraw) {
  byId("coming-more").addEventListener("click", () => {
    isOpen = !isOpen;
    redraw();
  });
}

/** Draw the list, on a wall a whole one; where a race shows nobody else to come there is none. */
export function drawComing(known, raceId, isWall, language) {
  const { everybody, skaters } = comingOf(known, raceId);
  show(byId("coming"), skaters.length > 0);
  drawNeeds(byId("coming-everybody"), everybody, language);
  const shown = isOpen || isWall ? skaters : skaters.slice(0, SHOWN);
  const keyOf = ({ competitor, pair }) => `${raceId} ${pair} ${competitor.id}`;
  keyed(byId("coming-list"), shown, keyOf, makeSkater, (item, skater) => drawSkater(item, skater, language));
  const more = byId("coming-more");
  show(more, skaters.length > SHOWN && !isWall);
  setAttribute(more, "aria-expanded", String(isOpen));
  setText(more, isOpen ? say(language, "fewer") : say(language, "more", { count: skaters.length - SHOWN }));
}

/** Draw needs as a definition list: what, and the time for it. */
export function drawNeeds(list, needs, language) {
  keyed(
    list,
    needs,
    ({ what }) => what,
    ({ what }) => element("div", { "data-what": what }, element("dt"), element("dd")),
    (row, { what, need }) => {
      setText(row.children[0], say(language, what));
      setText(row.children[1], need === null ? say(language, "any time") : inLanguage(need.time, language));
      const lucky = need?.thousandths_at
        ? { time: inLanguage(need.time, language), at: inLanguage(need.thousandths_at, language) }
        : null;
      setAttribute(row.children[1], "title", lucky === null ? null : say(language, "or thousandths", lucky));
    },
  );
}

function makeSkater() {
  return element("li", {}, laneChip(), nameplate(), element("dl", { class: "own" }));
}

function drawSkater(item, skater, language) {
  const [chip, plate, own] = item.children;
  setAttribute(item, "data-competitor", skater.competitor.id);
  setAttribute(item, "data-on-ice", skater.onIce);
  drawLaneChip(chip, skater.pair, skater.lane, language);
  drawNameplate(plate, skater.competitor);
  drawNeeds(own, skater.own, language);
}

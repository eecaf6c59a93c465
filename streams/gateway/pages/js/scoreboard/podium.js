/**
 * The podium as it stands, and what of it is certain.
 */

import { say, shownRank } from "../language.js";
import { raceOf } from "../known.js";
import { shownWithThousandth } from "../times.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { drawNameplate, nameplate } from "./parts.js";

/** Draw the first three of the standings, more where they are tied; hidden as long as there are none. */
export function drawPodium(known, raceId, language) {
  const { standings, secured } = raceOf(known, raceId);
  const places = standings?.entries.filter((entry) => entry.rank !== null && entry.rank <= 3) ?? [];
  const isOver = standings !== null && standings.remaining === 0;
  show(byId("podium"), places.length > 0);
  keyed(
    byId("podium-places"),
    places,
    (entry) => `${raceId} ${entry.competitor.id}`,
    makePlace,
    (item, entry) => {
      const [rank, plate, time, certain] = item.children;
      setAttribute(item, "data-competitor", entry.competitor.id);
      setAttribute(item, "data-rank", entry.rank);
      setText(rank, shownRank(entry.rank, entry.rank_equal));
      drawNameplate(plate, entry.competitor);
      setText(time, resultOf(entry, language));
      const worst = secured.get(entry.competitor.id);
      // When all have finished everything is certain, and a correction may have overtaken what once was.
      const isCertain = !isOver && worst !== undefined && entry.rank <= worst;
      show(certain, isCertain);
      setText(certain, isCertain ? say(language, `secured.${worst}`) : "");
    },
  );
}

function resultOf(entry, language) {
  if (entry.points) return say(language, "n points", { count: entry.points });
  return shownWithThousandth(entry.time, entry.thousandth, language);
}

function makePlace() {
  return element(
    "li",
    {},
    element("span", { class: "rank" }),
    nameplate(),
    element("span", { class: "time" }),
    element("span", { class: "certain", hidden: true }),
  );
}

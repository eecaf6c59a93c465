/**
 * The list of races, as links: each is an address of its own.
 */

import { clockOf, dayOf, raceTitle, say } from "../language.js";
import { programmeOf } from "../programme.js";
import { searchWith } from "./place.js";
import { byId, element, keyed, setAttribute, setText } from "./dom.js";

/**
 * Draw the programme.
 *
 * @param {Map} summaries race id → RaceSummary.
 * @param {string|null} shown the race that is shown.
 * @param {boolean} isChosen whether the reader chose it, rather than the page.
 */
export function drawProgramme(summaries, shown, isChosen, language) {
  keyed(
    byId("programme-groups"),
    programmeOf(summaries),
    (group) => group.key,
    () => element("section", {}, element("h2"), element("p"), element("ul")),
    (node, group) => {
      const [competition, day, list] = node.children;
      setText(competition, group.competition.name);
      setText(day, dayOf(group.day, language));
      keyed(
        list,
        group.races,
        (race) => race.race_id,
        makeRace,
        (item, race) => drawRace(item, race, shown, language),
      );
    },
  );
  const summary = summaries.get(shown);
  setText(byId("races-now"), summary === undefined ? "" : raceTitle(summary, language));
  const follow = byId("follow");
  setAttribute(follow, "href", searchWith({ race: null, view: null, ranking: null, competitor: null }));
  setAttribute(follow, "aria-current", isChosen ? null : "true");
}

function makeRace() {
  return element(
    "li",
    {},
    element(
      "a",
      {},
      element("span", { class: "clock" }),
      element("span", { class: "title" }),
      element("span", { class: "status" }),
    ),
  );
}

function drawRace(item, race, shown, language) {
  const link = item.firstElementChild;
  const [clock, title, status] = link.children;
  setAttribute(link, "href", searchWith({ race: race.race_id, view: null, ranking: null, competitor: null }));
  setAttribute(link, "data-race", race.race_id);
  setAttribute(link, "aria-current", race.race_id === shown ? "page" : null);
  setText(clock, race.scheduled_at === null ? "" : clockOf(race.scheduled_at));
  setText(title, raceTitle(race, language));
  setText(status, say(language, race.status));
  setAttribute(status, "data-status", race.status);
}

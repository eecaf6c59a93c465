/**
 * The chart of gaps to the leader, drawn as SVG, with the same as a table and in words.
 */

import { gapsOf, spread, ticks, usualSkaters } from "../gaps.js";
import { raceOf } from "../known.js";
import { say } from "../language.js";
import { shownGap } from "../times.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { drawNameplate, nameplate } from "./parts.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;
/** Whom the reader chose, by race; a race without an entry shows the usual ones. */
const chosen = new Map();

/** Let the reader choose who is in the chart; `redraw` is called after a choice, and where the space changes. */
export function chartOpens(redraw) {
  byId("chart-usual").addEventListener("click", () => {
    chosen.delete(byId("chart").dataset.race);
    redraw();
  });
  byId("chart-skaters").addEventListener("change", () => {
    const boxes = [...byId("chart-skaters").querySelectorAll("input:checked")];
    chosen.set(
      byId("chart").dataset.race,
      boxes.map((box) => box.value),
    );
    redraw();
  });
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    redraw();
  }).observe(byId("chart"));
}

/** Draw the chart of a race; there is none for a mass start, whose order is not one of times. */
export function drawChart(known, raceId, language) {
  const { standings } = raceOf(known, raceId);
  const none = { leader: null, distances: [], series: [] };
  const isTimed = standings !== null && standings.race.format !== "mass_start";
  const shown = isTimed ? (chosen.get(raceId) ?? usualSkaters(standings)) : [];
  const gaps = isTimed ? gapsOf(standings, shown) : none;
  setAttribute(byId("chart"), "data-race", raceId);
  show(byId("chart"), gaps.series.length > 1 && gaps.distances.length > 1);
  if (byId("chart").hidden) return;
  drawChoice(standings, new Set(gaps.series.map(({ id }) => id)), raceId, gaps.leader, language);
  drawTable(gaps, raceId, language);
  drawLines(gaps, language);
  const words = gaps.series
    .filter(({ entry }) => entry !== gaps.leader)
    .map(
      ({ entry, points }) =>
        `${entry.competitor.name} ${points.map((point) => `${point.distance_m} m ${shownGap(point.gap_ms, language)}`).join(", ")}`,
    );
  setText(
    byId("chart-words"),
    say(language, "chart summary", { leader: gaps.leader.competitor.name, gaps: words.join("; ") }),
  );
}

function drawChoice(standings, shown, raceId, leader, language) {
  const entries = standings.entries.filter((entry) => entry.splits.length > 0);
  const make = (entry) => {
    const box = element("input", { type: "checkbox", value: entry.competitor.id });
    return element("li", {}, element("label", {}, box, nameplate()));
  };
  keyed(
    byId("chart-skaters"),
    entries,
    (entry) => `${raceId} ${entry.competitor.id}`,
    make,
    (item, entry) => {
      const [box, plate] = item.firstElementChild.children;
      box.checked = shown.has(entry.competitor.id);
      box.disabled = entry === leader;
      drawNameplate(plate, entry.competitor);
    },
  );
  setText(byId("chart-usual"), say(language, "usual skaters"));
}

function drawTable({ distances, series }, raceId, language) {
  const heads = [
    say(language, "name"),
    ...distances.map((distance) => say(language, "metres", { distance })),
  ];
  keyed(
    byId("chart-head"),
    heads.map((text, index) => ({ text, index })),
    ({ index }) => String(index),
    () => element("th", { scope: "col" }),
    (cell, { text }) => setText(cell, text),
  );
  keyed(
    byId("chart-rows"),
    series,
    ({ id }) => `${raceId} ${id}`,
    () => element("tr", {}, element("th", { scope: "row" })),
    (row, { entry, points }) => {
      setText(row.firstElementChild, entry.competitor.name);
      while (row.children.length > distances.length + 1) row.lastElementChild.remove();
      distances.forEach((distance, index) => {
        const cell = row.children[index + 1] ?? row.appendChild(element("td"));
        setText(cell, shownGap(points.find((point) => point.distance_m === distance)?.gap_ms, language));
      });
    },
  );
}

function drawLines({ leader, distances, series }, language) {
  const svg = byId("chart-lines");
  const style = getComputedStyle(svg);
  const em = Number.parseFloat(style.fontSize);
  // On a wall the room is bounded.
  const most = Number.parseFloat(style.maxHeight) || Infinity;
  const width = svg.clientWidth;
  const height = Math.round(Math.min(Math.max(width * 0.55, em * 12), em * 20, most));
  const box = { left: em * 3, right: width - em * 9.4, top: em * 1, bottom: height - em * 2 };
  if (box.right <= box.left) return;
  const all = series.flatMap(({ points }) => points.map((point) => point.gap_ms));
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = Math.max((high - low) * 0.08, 30);
  const last = distances.at(-1);
  const x = (distance) =>
    box.left + ((box.right - box.left) * (distance - distances[0])) / (last - distances[0]);
  // Ahead is up, behind is down, as people stand on the ice seen from the finish.
  const y = (gap) => box.top + ((box.bottom - box.top) * (gap - low + room)) / (high - low + 2 * room);
  setAttribute(svg, "height", height);
  setAttribute(svg, "viewBox", `0 0 ${width} ${height}`);
  const parts = [...axes(box, x, y, ticks(low - room, high + room), distances, em, language)];
  const ends = series.map(({ points }) => y(points.at(-1).gap_ms));
  const labels = spread(ends, em * 1.15, box.top, box.bottom);
  series.forEach((one, index) =>
    parts.push(
      line(
        one,
        one.entry === leader ? 0 : colourOf(one.id, leader),
        x,
        y,
        ends[index],
        labels[index],
        box,
        em,
      ),
    ),
  );
  svg.replaceChildren(...parts);
}

function axes(box, x, y, marks, distances, em, language) {
  const parts = marks.flatMap((gap) => [
    drawn("line", {
      class: gap === 0 ? "zero" : "grid",
      x1: box.left,
      x2: box.right,
      y1: y(gap),
      y2: y(gap),
    }),
    drawn(
      "text",
      { class: "tick", x: box.left - em * 0.5, y: y(gap) + em * 0.33, "text-anchor": "end" },
      gap === 0 ? "0" : shownGap(gap, language).replace(/[.,]?0+$/, ""),
    ),
  ]);
  const every = Math.ceil((distances.length * em * 3.6) / (box.right - box.left));
  distances.forEach((distance, index) => {
    if ((distances.length - 1 - index) % every !== 0) return;
    parts.push(
      drawn(
        "text",
        { class: "tick", x: x(distance), y: box.bottom + em * 1.5, "text-anchor": "middle" },
        String(distance),
      ),
    );
  });
  return parts;
}

function line({ id, entry, points }, colour, x, y, end, label, box, em) {
  const group = drawn("g", { class: "series", "data-colour": String(colour), "data-competitor": id });
  const path = points
    .map(
      (point, index) =>
        `${index === 0 ? "M" : "L"}${x(point.distance_m).toFixed(1)} ${y(point.gap_ms).toFixed(1)}`,
    )
    .join("");
  const at = points.at(-1);
  const from = x(at.distance_m);
  const to = box.right + em * 0.6;
  group.append(drawn("path", { class: "way", d: path }));
  for (const point of points)
    group.append(drawn("circle", { cx: x(point.distance_m), cy: y(point.gap_ms), r: em * 0.2 }));
  group.append(drawn("path", { class: "leading", d: `M${from} ${end}L${to} ${label}` }));
  group.append(drawn("text", { x: to + em * 0.2, y: label + em * 0.35 }, shortName(entry.competitor)));
  return group;
}

const coloursOf = new Map();

/** A skater keeps a colour for as long as the page is open, whoever comes and goes. */
function colourOf(id) {
  if (!coloursOf.has(id)) coloursOf.set(id, 1 + (coloursOf.size % (COLOURS - 1)));
  return coloursOf.get(id);
}

/** Where the family's name comes first the first word is not the one to leave out. */
const FAMILY_FIRST = new Set(["CHN", "KOR", "PRK", "TPE"]);

function shortName({ name, country, members }) {
  const isWhole = members?.length || FAMILY_FIRST.has(country);
  const short = isWhole ? name : name.split(" ").slice(1).join(" ") || name;
  return short.length > 13 ? `${short.slice(0, 12)}…` : short;
}

function drawn(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, typeof value === "number" ? value.toFixed(1) : value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * What the pair graphic says of each skater: the last time, and what it is worth.
 *
 * Times and places come from the standings, what they are worth from the pace at the very same line with the very
 * same time. A pace that no split bears out is that of a time which was corrected or taken back, and is not shown;
 * one that is newer than the standings is, because the standings are on their way.
 */

import { raceTitle, say, shownRank } from "../js/language.js";
import { difference, shownGap, shownTime, shownWithThousandth } from "../js/times.js";
import { pacesOf } from "./pair-turn.js";
import { byHeight, marksOf, standingRecords } from "./record-marks.js";
import { MARKED_MS } from "./standings-view.js";

const LANES = ["inner", "outer", "inner2", "outer2"];
const MOST = 4;

/**
 * Lay out the pair that has its turn.
 *
 * @param {object} race of `known.races`, the one of the turn.
 * @param {object} turn see pair-turn.js.
 * @param {object} values the settings.
 * @param {Map} records of `known`.
 * @param {number} now the page's clock in milliseconds, by which marks of the corrected age.
 * @returns {object|null} null where nobody of the pair is known, and for a mass start, which has no pairs.
 */
export function pairView(race, turn, values, records, now) {
  const { standings } = race;
  if (standings.race.format === "mass_start") return null;
  const marks = standingRecords(records, standings.race_id, values.kinds);
  const listed = standings.entries
    .filter((entry) => entry.pair === turn.pair)
    .sort((one, other) => laneOf(one) - laneOf(other));
  const skaters = [
    ...listed.map((entry) => ofEntry(race, entry, marks, values, now)),
    ...reskating(race, turn, values),
  ].slice(0, MOST);
  if (skaters.length === 0) return null;
  const kinds = new Set(skaters.map((skater) => skater.record.kind).filter((kind) => kind !== ""));
  return {
    key: `${turn.raceId}#${turn.pair}`,
    raceId: standings.race_id,
    version: standings.version,
    pair: turn.pair,
    title: raceTitle(standings.race, values.lang),
    pairTitle: say(values.lang, "pair n", { pair: turn.pair }),
    isMeasured: skaters.some((skater) => skater.time !== ""),
    isFinished: skaters.every((skater) => skater.isFinished || skater.isRuledOut),
    recordKind: kinds.size === 1 ? say(values.lang, [...kinds][0]) : "",
    skaters,
  };
}

function laneOf(entry) {
  return entry.lane === null ? LANES.length : LANES.indexOf(entry.lane);
}

function ofEntry(race, entry, marks, values, now) {
  const { standings } = race;
  const language = values.lang;
  const pace = race.pace.get(entry.competitor.id);
  if (pace !== undefined && pace.pair === entry.pair && pace.version > standings.version) {
    return ofPace(pace, entry.lane, language);
  }
  const isFinished = entry.time_ms !== null;
  const last = entry.splits.at(-1);
  const bornOut = last !== undefined && pace?.distance_m === last.distance_m && pace.time_ms === last.time_ms;
  const worth = bornOut ? worthOf(pace, language) : NO_WORTH;
  const was = race.was.get(entry.competitor.id);
  const whole = { ...whoOf(entry.competitor, entry.lane), isFinished, isRuledOut: entry.irm !== null };
  if (last === undefined || entry.irm !== null) return { ...whole, ...NO_WORTH, ...NO_TIME, time: entry.irm ?? "" };
  return {
    ...whole,
    at: isFinished ? say(language, "finish") : say(language, "metres", { distance: last.distance_m }),
    time: isFinished ? shownWithThousandth(entry.time, entry.thousandth, language) : shownTime(last.time_ms, language),
    rank: isFinished ? shownRank(entry.rank, entry.rank_equal) : shownRank(last.rank, last.rank_equal),
    leader: isFinished ? signed(toLeader(standings, entry), language) : worth.leader,
    record: worth.record,
    projected: isFinished ? "" : worth.projected,
    marks: isFinished ? marksOf(marks.get(entry.competitor.id), entry.time_ms).map((kind) => say(language, kind)) : [],
    isUnchecked: values.checks && isFinished && entry.unchecked,
    isCorrected: was !== undefined && was.result && now - was.at < MARKED_MS,
  };
}

function reskating(race, turn, values) {
  const elsewhere = new Map(race.standings.entries.map((entry) => [entry.competitor.id, entry.pair]));
  return pacesOf(race, turn.pair, turn.since)
    .filter((pace) => elsewhere.get(pace.competitor.id) !== turn.pair)
    .map((pace) => ofPace(pace, null, values.lang));
}

function ofPace(pace, lane, language) {
  const isFinished = pace.basis === "finish";
  const worth = worthOf(pace, language);
  return {
    ...whoOf(pace.competitor, lane),
    ...NO_TIME,
    isFinished,
    isRuledOut: false,
    at: isFinished ? say(language, "finish") : say(language, "metres", { distance: pace.distance_m }),
    time: shownTime(pace.time_ms, language),
    rank: String(pace.rank_at_split),
    leader: worth.leader,
    record: worth.record,
    projected: isFinished ? "" : worth.projected,
  };
}

function whoOf(competitor, lane) {
  return { id: competitor.id, name: competitor.name, country: competitor.country, lane };
}

const NOTHING = Object.freeze({ text: "", tone: "", kind: "" });
const NO_WORTH = Object.freeze({ leader: NOTHING, record: NOTHING, projected: "" });
const NO_TIME = Object.freeze({ at: "", time: "", rank: "", marks: [], isUnchecked: false, isCorrected: false });

function worthOf(pace, language) {
  const kind = Object.keys(pace.ahead_of_ms).sort(byHeight)[0];
  return {
    leader: signed(pace.behind_leader_ms, language),
    record: kind === undefined ? NOTHING : { ...signed(-pace.ahead_of_ms[kind], language), kind },
    projected: shownTime(pace.projected_ms, language),
  };
}

function signed(gapMs, language) {
  if (gapMs === null) return NOTHING;
  return { text: shownGap(gapMs, language), tone: gapMs < 0 ? "ahead" : gapMs > 0 ? "behind" : "even", kind: "" };
}

/** Give the gap of a finish to the leader, or of the leader to the best other one. */
function toLeader(standings, entry) {
  if (entry.rank !== 1) return entry.behind_ms;
  const others = standings.entries.filter((other) => other.rank !== null && other !== entry && other.time_ms !== null);
  const best = others.reduce((least, other) => Math.min(least, other.time_ms), Infinity);
  return best === Infinity ? null : difference(entry.time_ms, best);
}

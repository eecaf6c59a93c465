package org.slotrit.peer.race;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slotrit.peer.Unusable;
import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.contract.StartLine;
import org.slotrit.peer.contract.TimingEvent;
import org.slotrit.peer.contract.TimingEvent.PairCalled;
import org.slotrit.peer.contract.TimingEvent.PairCleared;
import org.slotrit.peer.contract.TimingEvent.PairConfirmed;
import org.slotrit.peer.contract.TimingEvent.PairStarted;
import org.slotrit.peer.contract.TimingEvent.PassingDeleted;
import org.slotrit.peer.contract.TimingEvent.PassingRecorded;
import org.slotrit.peer.contract.TimingEvent.RaceClosed;
import org.slotrit.peer.contract.TimingEvent.RacePaused;
import org.slotrit.peer.contract.TimingEvent.RaceResumed;
import org.slotrit.peer.contract.TimingEvent.RaceScheduled;
import org.slotrit.peer.contract.TimingEvent.ReskateGranted;
import org.slotrit.peer.contract.TimingEvent.ResultRuled;
import org.slotrit.peer.contract.TimingEvent.SprintScored;
import org.slotrit.peer.contract.TimingEvent.StartListRevised;

/** Every timing event, and what it makes of a race: of each kind of fact the latest holds. */
public final class Fold {
    private Fold() {}

    /**
     * Apply one event to a race.
     *
     * @param race null where it was not defined yet
     * @return the new race; the very same where nothing changed
     * @throws Unusable where the event names what the race does not have, or what cannot be
     */
    public static Race fold(Race race, TimingEvent event) throws Unusable {
        if (event instanceof RaceScheduled scheduled) {
            return scheduled(race, scheduled);
        }
        if (race == null) {
            throw new Unusable(
                    "race_id: no race " + event.raceId() + " is defined; send its race.scheduled first");
        }
        Moment at = event.occurredAt();
        if (event instanceof PassingRecorded passing) {
            return passing(race, passing);
        } else if (event instanceof PairCalled called) {
            PairLife life = pair(race, called.pair());
            return race.with(called.pair(), life.calledAt(at)).lived(LifeEvent.CALLED, at);
        } else if (event instanceof PairStarted started) {
            PairLife life = pair(race, started.pair());
            return race.with(started.pair(), life.startedAt(at)).lived(LifeEvent.STARTED, at);
        } else if (event instanceof PairCleared cleared) {
            return race.with(cleared.pair(), pair(race, cleared.pair()).clearedAt(at));
        } else if (event instanceof PairConfirmed confirmed) {
            return race.with(confirmed.pair(), pair(race, confirmed.pair()).confirmedAt(at));
        } else if (event instanceof PassingDeleted deleted) {
            return deleted(race, deleted);
        } else if (event instanceof ResultRuled ruled) {
            return ruled(race, ruled);
        } else if (event instanceof ReskateGranted granted) {
            return granted(race, granted);
        } else if (event instanceof SprintScored sprint) {
            return sprint(race, sprint);
        } else if (event instanceof StartListRevised revised) {
            return listed(race, revised.startList(), at);
        } else if (event instanceof RacePaused) {
            return race.lived(LifeEvent.PAUSED, at);
        } else if (event instanceof RaceResumed) {
            return race.lived(LifeEvent.RESUMED, at);
        } else if (event instanceof RaceClosed closed) {
            return closed(race, closed);
        }
        throw new IllegalStateException("no rule for " + event.getClass());
    }

    private static Race scheduled(Race race, RaceScheduled event) {
        Moment at = event.occurredAt();
        Race defined = race;
        if (race == null) {
            defined = new Race(event.definition(), at);
        } else if (at.isAfter(race.definedAt())
                || (at.equals(race.definedAt()) && !event.definition().equals(race.definition()))) {
            defined = race.defined(event.definition(), at);
        }
        return listed(defined, event.startList(), at);
    }

    /** Put a start list in force, or, where a later one is, only note who was ever listed where. */
    private static Race listed(Race race, List<StartLine> startList, Moment at) {
        boolean inForce = !at.isBefore(race.listedAt());
        Map<String, Skater> skaters = new LinkedHashMap<>(race.skaters());
        if (inForce) {
            skaters.replaceAll((id, skater) -> skater.unlisted());
        }
        Map<Integer, PairLife> pairs = new LinkedHashMap<>(race.pairs());
        List<StartLine> byPair =
                startList.stream().sorted(Comparator.comparingInt(StartLine::pair)).toList();
        for (StartLine line : byPair) {
            pairs.putIfAbsent(line.pair(), PairLife.NONE);
            String id = line.competitor().id();
            Skater before = skaters.get(id);
            Skater noted = (before == null ? new Skater(line.competitor()) : before).noted(line, at);
            skaters.put(id, inForce ? noted.listedIn(line.pair()) : noted);
        }
        Race changed = race.listed(skaters, pairs, Moment.later(race.listedAt(), at));
        return changed.equals(race) ? race : changed;
    }

    private static Race passing(Race race, PassingRecorded event) throws Unusable {
        Skater skater = known(race, event.competitorId(), event.pair());
        onCourse(race, event.distanceM());
        if (Course.tooFast(event.distanceM(), event.timeMs())) {
            throw new Unusable(
                    "time_ms: " + event.distanceM() + " m in " + event.timeMs() + " ms is faster than "
                            + Course.FASTEST + " m/s");
        }
        Attempt before = skater.attempts().get(event.pair());
        Measured measured = new Measured(event.occurredAt(), event.timeMs(), event.lane());
        Attempt attempt = before.measured(event.distanceM(), event.method(), measured);
        Race skated = attempt == before ? race : race.with(skater.with(event.pair(), attempt));
        return skated.lived(LifeEvent.MEASURED, event.occurredAt());
    }

    private static Race deleted(Race race, PassingDeleted event) throws Unusable {
        Skater skater = known(race, event.competitorId(), event.pair());
        onCourse(race, event.distanceM());
        String what = Skater.deletion(event.distanceM(), event.pair(), event.method());
        Moment before = skater.deleted().get(what);
        boolean isLater = before == null || event.occurredAt().isAfter(before);
        return isLater ? race.with(skater.deleted(what, event.occurredAt())) : race;
    }

    private static Race ruled(Race race, ResultRuled event) throws Unusable {
        Skater skater = known(race, event.competitorId(), null);
        Ruling before = skater.ruling();
        Ruling ruling = new Ruling(event.occurredAt(), event.irm(), event.rule(), event.marks());
        if (ruling.equals(before) || (before != null && ruling.at().isBefore(before.at()))) {
            return race;
        }
        return race.with(skater.ruled(ruling));
    }

    private static Race granted(Race race, ReskateGranted event) throws Unusable {
        Skater skater = known(race, event.competitorId(), null);
        Attempt attempt = skater.attempts().getOrDefault(event.pair(), Attempt.NONE);
        if (attempt.reskate()) {
            return race;
        }
        PairLife life = race.pairs().getOrDefault(event.pair(), PairLife.NONE);
        return race.with(event.pair(), life).with(skater.with(event.pair(), attempt.granted()));
    }

    private static Race sprint(Race race, SprintScored event) throws Unusable {
        for (String competitorId : new TreeSet<>(event.points().keySet())) {
            known(race, competitorId, null);
        }
        if (!race.massStart() || event.lap() > race.course().size()) {
            throw new Unusable("lap: " + event.lap() + " is no sprint of " + event.raceId());
        }
        Sprint before = race.sprints().get(event.lap());
        Sprint sprint = new Sprint(event.occurredAt(), event.points());
        if (sprint.equals(before) || (before != null && sprint.at().isBefore(before.at()))) {
            return race;
        }
        return race.with(event.lap(), sprint);
    }

    private static Race closed(Race race, RaceClosed event) {
        Moment before = race.life().get(LifeEvent.CLOSED);
        boolean isOld = before != null && event.occurredAt().isBefore(before);
        boolean isSame = event.occurredAt().equals(before) && race.closedAs() == event.status();
        return isOld || isSame ? race : race.closed(event.occurredAt(), event.status());
    }

    private static PairLife pair(Race race, int pair) throws Unusable {
        PairLife life = race.pairs().get(pair);
        if (life == null) {
            throw new Unusable("pair: " + pair + " was never in a start list of this race, nor a reskate");
        }
        return life;
    }

    /** Find a competitor, who must have been in that pair once; null stands for any. */
    private static Skater known(Race race, String competitorId, Integer pair) throws Unusable {
        Skater skater = race.skaters().get(competitorId);
        if (skater == null) {
            throw new Unusable("competitor_id: " + competitorId + " was never in a start list of this race");
        }
        if (pair != null) {
            pair(race, pair);
            if (!skater.attempts().containsKey(pair)) {
                throw new Unusable("competitor_id: " + competitorId + " was never in pair " + pair);
            }
        }
        return skater;
    }

    private static void onCourse(Race race, int distanceM) throws Unusable {
        List<Integer> course = race.course();
        if (!course.contains(distanceM)) {
            throw new Unusable("distance_m: " + distanceM + " is no split of this race; those are " + course);
        }
    }
}

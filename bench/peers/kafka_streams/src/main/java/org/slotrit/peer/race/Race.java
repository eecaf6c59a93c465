package org.slotrit.peer.race;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.slotrit.peer.contract.Moment;
import org.slotrit.peer.contract.RaceDefinition;
import org.slotrit.peer.contract.RaceFormat;
import org.slotrit.peer.contract.Status;

/**
 * A race and everything that happened in it: facts that are only added, or replaced by later ones.
 *
 * @param life of each kind of event the latest instant
 * @param closedAs the status that the latest closing gave; null before
 * @param sprints by lap, in a mass start
 */
public record Race(
        RaceDefinition definition,
        Moment definedAt,
        Moment listedAt,
        Map<String, Skater> skaters,
        Map<Integer, PairLife> pairs,
        Map<LifeEvent, Moment> life,
        Status closedAs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Integer, Sprint> sprints) {
    public Race {
        skaters = Facts.of(skaters);
        pairs = Facts.of(pairs);
        life = Facts.of(life);
        sprints = Facts.of(sprints);
    }

    Race(RaceDefinition definition, Moment at) {
        this(definition, at, at, Map.of(), Map.of(), Map.of(), null, Map.of());
    }

    Race defined(RaceDefinition anew, Moment at) {
        return new Race(anew, at, listedAt, skaters, pairs, life, closedAs, sprints);
    }

    Race listed(Map<String, Skater> those, Map<Integer, PairLife> inPairs, Moment at) {
        return new Race(definition, definedAt, at, those, inPairs, life, closedAs, sprints);
    }

    Race with(Skater skater) {
        Map<String, Skater> more = Facts.with(skaters, skater.competitor().id(), skater);
        return new Race(definition, definedAt, listedAt, more, pairs, life, closedAs, sprints);
    }

    Race with(int pair, PairLife lived) {
        if (lived.equals(pairs.get(pair))) {
            return this;
        }
        Map<Integer, PairLife> more = Facts.with(pairs, pair, lived);
        return new Race(definition, definedAt, listedAt, skaters, more, life, closedAs, sprints);
    }

    Race with(int lap, Sprint sprint) {
        Map<Integer, Sprint> more = Facts.with(sprints, lap, sprint);
        return new Race(definition, definedAt, listedAt, skaters, pairs, life, closedAs, more);
    }

    /** Note that something happened, unless the same happened later. */
    Race lived(LifeEvent event, Moment at) {
        Moment before = life.get(event);
        if (before != null && !at.isAfter(before)) {
            return this;
        }
        Map<LifeEvent, Moment> more = Facts.with(life, event, at);
        return new Race(definition, definedAt, listedAt, skaters, pairs, more, closedAs, sprints);
    }

    Race closed(Moment at, Status as) {
        Map<LifeEvent, Moment> more = Facts.with(life, LifeEvent.CLOSED, at);
        return new Race(definition, definedAt, listedAt, skaters, pairs, more, as, sprints);
    }

    /** The distances at which the race is timed, in metres, the finish last. */
    List<Integer> course() {
        Number lap = definition.competition().venue().trackLengthM();
        return Course.splits(definition.format(), definition.distanceM(), lap.doubleValue());
    }

    Status status() {
        return LifeEvent.status(life, closedAs);
    }

    /** Whether laps and points decide, not times. */
    boolean massStart() {
        return definition.format() == RaceFormat.MASS_START;
    }

    /** Whether whoever was measured has finished, lapped or not: in a mass start all stop together. */
    boolean over() {
        return massStart() && status().isClosed();
    }
}

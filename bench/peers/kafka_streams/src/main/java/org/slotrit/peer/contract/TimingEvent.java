package org.slotrit.peer.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/** The input topic: what happens on the ice and in the referees' room. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = TimingEvent.RaceScheduled.class, name = "race.scheduled"),
    @Type(value = TimingEvent.StartListRevised.class, name = "start_list.revised"),
    @Type(value = TimingEvent.PairCalled.class, name = "pair.called"),
    @Type(value = TimingEvent.PairStarted.class, name = "pair.started"),
    @Type(value = TimingEvent.PairCleared.class, name = "pair.cleared"),
    @Type(value = TimingEvent.PairConfirmed.class, name = "pair.confirmed"),
    @Type(value = TimingEvent.PassingRecorded.class, name = "passing.recorded"),
    @Type(value = TimingEvent.PassingDeleted.class, name = "passing.deleted"),
    @Type(value = TimingEvent.ResultRuled.class, name = "result.ruled"),
    @Type(value = TimingEvent.ReskateGranted.class, name = "reskate.granted"),
    @Type(value = TimingEvent.SprintScored.class, name = "sprint.scored"),
    @Type(value = TimingEvent.RacePaused.class, name = "race.paused"),
    @Type(value = TimingEvent.RaceResumed.class, name = "race.resumed"),
    @Type(value = TimingEvent.RaceClosed.class, name = "race.closed"),
})
public sealed interface TimingEvent {
    String raceId();

    Moment occurredAt();

    /** Why the clock was reset. */
    enum Reset {
        @JsonProperty("false_start")
        FALSE_START,
        @JsonProperty("restart")
        RESTART,
        @JsonProperty("operator")
        OPERATOR
    }

    /** Why a race stands still. */
    enum Pause {
        @JsonProperty("ice_resurfacing")
        ICE_RESURFACING,
        @JsonProperty("delay")
        DELAY
    }

    record RaceScheduled(
            @JsonUnwrapped RaceDefinition definition, Moment occurredAt, List<StartLine> startList)
            implements TimingEvent {
        public RaceScheduled {
            Must.exist("occurred_at", occurredAt);
            startList = StartLine.list(startList);
        }

        @Override
        public String raceId() {
            return definition.raceId();
        }
    }

    record StartListRevised(String raceId, Moment occurredAt, List<StartLine> startList)
            implements TimingEvent {
        public StartListRevised {
            head(raceId, occurredAt);
            startList = StartLine.list(startList);
        }
    }

    record PairCalled(String raceId, Moment occurredAt, int pair) implements TimingEvent {
        public PairCalled {
            head(raceId, occurredAt);
            Must.pair(pair);
        }
    }

    record PairStarted(String raceId, Moment occurredAt, int pair, Moment startedAt)
            implements TimingEvent {
        public PairStarted {
            head(raceId, occurredAt);
            Must.pair(pair);
            Must.exist("started_at", startedAt);
        }
    }

    record PairCleared(String raceId, Moment occurredAt, int pair, Reset reason) implements TimingEvent {
        public PairCleared {
            head(raceId, occurredAt);
            Must.pair(pair);
            Must.exist("reason", reason);
        }
    }

    record PairConfirmed(String raceId, Moment occurredAt, int pair) implements TimingEvent {
        public PairConfirmed {
            head(raceId, occurredAt);
            Must.pair(pair);
        }
    }

    /**
     * A cumulative time at a line.
     *
     * @param timeMs milliseconds since the gun, from 1 to a day
     */
    record PassingRecorded(
            String raceId,
            Moment occurredAt,
            int pair,
            Lane lane,
            String competitorId,
            int distanceM,
            int timeMs,
            Method method)
            implements TimingEvent {
        public PassingRecorded {
            head(raceId, occurredAt);
            Must.pair(pair);
            Must.name("competitor_id", competitorId);
            Must.metres(distanceM);
            Must.range("time_ms", timeMs, 1, 86_400_000);
            Must.exist("method", method);
        }
    }

    /** Measurements are taken back; null stands for all pairs, or all methods. */
    record PassingDeleted(
            String raceId,
            Moment occurredAt,
            String competitorId,
            int distanceM,
            Integer pair,
            Method method)
            implements TimingEvent {
        public PassingDeleted {
            head(raceId, occurredAt);
            Must.name("competitor_id", competitorId);
            Must.metres(distanceM);
            if (pair != null) {
                Must.pair(pair);
            }
        }
    }

    /** A ruling; {@code irm} must be told, null lifts an earlier one. */
    record ResultRuled(
            String raceId,
            Moment occurredAt,
            String competitorId,
            @JsonProperty(required = true) Irm irm,
            String rule,
            List<Mark> marks)
            implements TimingEvent {
        public ResultRuled {
            head(raceId, occurredAt);
            Must.name("competitor_id", competitorId);
            Must.text("rule", rule, 0, 500);
            marks = Must.listed("marks", marks, 10);
        }
    }

    record ReskateGranted(String raceId, Moment occurredAt, String competitorId, int pair)
            implements TimingEvent {
        public ReskateGranted {
            head(raceId, occurredAt);
            Must.name("competitor_id", competitorId);
            Must.pair(pair);
        }
    }

    record SprintScored(String raceId, Moment occurredAt, int lap, Map<String, Integer> points)
            implements TimingEvent {
        public SprintScored {
            head(raceId, occurredAt);
            Must.range("lap", lap, 1, 10_000);
            Must.exist("points", points);
            Must.be(points.size() <= 250, "points: must have at most 250 lines");
            for (Map.Entry<String, Integer> line : points.entrySet()) {
                Must.name("points", line.getKey());
                Must.exist("points", line.getValue());
                Must.range("points", line.getValue(), 0, 1_000_000);
            }
            points = Map.copyOf(points);
        }
    }

    record RacePaused(String raceId, Moment occurredAt, Pause reason) implements TimingEvent {
        public RacePaused {
            head(raceId, occurredAt);
            Must.exist("reason", reason);
        }
    }

    record RaceResumed(String raceId, Moment occurredAt, Pause reason) implements TimingEvent {
        public RaceResumed {
            head(raceId, occurredAt);
        }
    }

    record RaceClosed(String raceId, Moment occurredAt, Status status) implements TimingEvent {
        public RaceClosed {
            head(raceId, occurredAt);
            Must.be(status != null && status.isClosed(), "status: must be that of an ended race");
        }
    }

    private static void head(String raceId, Moment occurredAt) {
        Must.name("race_id", raceId);
        Must.exist("occurred_at", occurredAt);
    }
}

package org.slotrit.peer.race;

import java.util.Map;
import org.slotrit.peer.contract.Moment;

/** The points of one sprint of a mass start, by competitor. */
public record Sprint(Moment at, Map<String, Integer> points) {}

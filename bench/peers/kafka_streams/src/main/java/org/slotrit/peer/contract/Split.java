package org.slotrit.peer.contract;

/**
 * One time of one skater at one line.
 *
 * @param lapMs the difference of the shown times to the split before; null where that is missing
 * @param rank among those without an irm; null for one who has it
 */
public record Split(int distanceM, int timeMs, Integer lapMs, Integer rank, boolean rankEqual) {}

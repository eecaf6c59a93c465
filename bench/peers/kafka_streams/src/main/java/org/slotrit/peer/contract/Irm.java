package org.slotrit.peer.contract;

/** An invalid result mark, in the order of the sheet. */
public enum Irm {
    DNF,
    DQ,
    DNS,
    WDR
}

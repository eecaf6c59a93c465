package org.slotrit.peer.contract;

/** What the referees note beside a result: fell, reskate, warning. */
public enum Mark {
    F,
    RS,
    RW
}

package org.slotrit.peer.contract;

/** A skater of a team. */
public record Member(String id, String name) {
    public Member {
        Must.name("id", id);
        Must.name("name", name);
    }
}

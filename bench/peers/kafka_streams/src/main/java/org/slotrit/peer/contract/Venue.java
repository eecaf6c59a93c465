package org.slotrit.peer.contract;

/**
 * A rink.
 *
 * @param trackLengthM a lap in metres, 400 unless told; a whole number is kept as one
 */
public record Venue(
        String id, String name, String country, Number trackLengthM) {
    public Venue {
        Must.name("id", id);
        Must.name("name", name);
        if (country != null) {
            Must.country(country);
        }
        double metres = trackLengthM == null ? 400 : trackLengthM.doubleValue();
        Must.be(metres >= 100 && metres <= 1000, "track_length_m: must be 100 to 1000, got " + metres);
        trackLengthM = metres == Math.rint(metres) ? (Number) (int) metres : (Number) metres;
    }
}

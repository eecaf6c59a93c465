"""Alerts for newsrooms: rules, sinks, and the outbox of what is still to be delivered."""

"""The feed over TLS with passwords and ACLs; what is said where one is wrong, and what is never said."""

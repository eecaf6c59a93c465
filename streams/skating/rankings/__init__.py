"""Standings over several races: World Cup points, samalog, medals, the selection matrix."""

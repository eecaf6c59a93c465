"""Tests of the room `streams.alerts`."""

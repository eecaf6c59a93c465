"""Tests of the room `streams.gateway`."""

"""Tests of the programme that breaks a cluster: its pure parts, and a short run."""

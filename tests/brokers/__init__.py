"""Tests of the brokers for a fresh machine, and of how the project is packed and checked."""

"""Tests of the benchmarks: that what is measured does what it is compared for."""

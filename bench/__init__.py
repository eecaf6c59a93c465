"""Measurements: how fast, and how far off. Figures are for ratios within one run."""

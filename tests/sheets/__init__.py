"""The core against real result sheets: World Cups 1 and 2 of 2025/26, as printed."""

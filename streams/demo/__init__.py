"""`slotrit demo`: everything at once on this machine, with a replayed meeting."""

from streams.demo.show import Plan, run_demo

__all__ = ["Plan", "run_demo"]

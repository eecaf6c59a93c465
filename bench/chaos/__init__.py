"""A season on a cluster that is being broken, and what must hold in the end: `python -m bench.chaos`.

    python -m bench.chaos --seed 1 --events 200000 --workers 3 --minutes 30

Three Apache Kafka brokers and several workers take the fixtures and a generated season while a seeded plan
kills, freezes, adds and removes workers, kills brokers, fills their disks and has them refuse writes.
Afterwards everything that was published is held against what it follows from, and what it comes to against
the same events in memory. `season` and `plan` are what happens, `faults` does it, `lag` tells how long
recovery takes, `hearing`, `ends` and `verdict` say what must hold, `table` prints it, `page` writes
docs/chaos.md.
"""

"""Free TCP ports for a broker on this machine."""

import random
import socket

from streams.brokers.failure import BrokerError

# Below the range from which Linux (32768 and up) and macOS (49152 and up) take the ports of outgoing
# connections: while a killed broker is away, the reconnecting clients themselves could otherwise occupy its
# port, or even connect to themselves on it.
LOWEST, HIGHEST = 20_000, 32_000
ATTEMPTS = 200


def free_ports(count: int) -> tuple[int, ...]:
    """Find ports on 127.0.0.1 that nobody listens on, all different.

    Somebody else may take one before the broker does; whoever starts a broker tries again then.

    Raises:
        BrokerError: None was found in 200 tries for each.
    """
    found: list[int] = []
    candidates = random.sample(range(LOWEST, HIGHEST), ATTEMPTS * count)
    for port in candidates:
        if len(found) == count:
            break
        if _is_free(port):
            found.append(port)
    if len(found) < count:
        raise BrokerError(f"127.0.0.1: no {count} free TCP ports between {LOWEST} and {HIGHEST}; free some")
    return tuple(found)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As a server binds: the closing connections of the one before do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

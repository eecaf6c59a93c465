"""Bytes that look alike, made small: JSON of one kind repeats its names, and mostly what it says."""

from zlib import compressobj, decompressobj

_FAST = 1
_LONGEST_PATTERN = 32_768


def packed(raw: bytes, pattern: bytes) -> bytes:
    """Make bytes small, by a pattern of their kind: any other of them, empty for none."""
    press = compressobj(_FAST, zdict=pattern[:_LONGEST_PATTERN])
    return press.compress(raw) + press.flush()


def unpacked(small: bytes, pattern: bytes) -> bytes:
    """Give back what was packed by this pattern."""
    return decompressobj(zdict=pattern[:_LONGEST_PATTERN]).decompress(small)

"""Bad input in bulk: fuzzers for decoding, for all steps together, and for the converter."""

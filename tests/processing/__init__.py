"""The steps, without a broker."""

"""Other systems' formats, read into events of the contract."""

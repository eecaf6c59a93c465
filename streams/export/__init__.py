"""The sheet of a race as other systems want it: CSV, flat JSON and ODF's `DT_RESULT`."""

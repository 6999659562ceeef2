"""Pure functions on strings, shared by stages and metrics. No I/O beyond packaged word lists."""

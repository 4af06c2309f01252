"""`make bench`: how fast the pages are at the size of a real office, beside two floors (docs/testing.md)."""

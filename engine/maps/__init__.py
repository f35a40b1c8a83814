"""Maps: what becomes of many runs of one experiment that differ in two settings, computed side by side."""

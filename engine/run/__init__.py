"""A run: the program of micro-steps, buffers, segments, history, and the timeline."""

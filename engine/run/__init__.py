"""A run in time: the program of micro-steps, its buffers, its history, and the timeline."""

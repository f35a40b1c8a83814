"""Maps as the server computes them: in a session's own thread, on all cores, or on a cluster."""

"""What travels between page and server: frames, listings, what is watched."""

"""What can be seen of a server from outside: its log, and numbers for Prometheus."""

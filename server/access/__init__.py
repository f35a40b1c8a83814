"""Who may speak with the server, and what a browser is told to forbid."""

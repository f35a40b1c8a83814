"""The terminal: Backscope's commands, which need no page."""

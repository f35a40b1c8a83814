"""The terminal: Backscope's commands for those who want no page."""

"""What takes long, as commands of their own; their last figures stand in docs/reliability.md."""

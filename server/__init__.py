"""The server: commands in, frames out."""

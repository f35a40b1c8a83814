"""What a page may ask about a moment, one file each kind."""

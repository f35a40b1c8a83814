"""One's own data, in Node."""

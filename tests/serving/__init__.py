"""Tests behind real proxies: ``make test-serving``, for they need more than Python and a browser."""

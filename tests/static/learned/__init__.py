"""Tests of static/learned."""

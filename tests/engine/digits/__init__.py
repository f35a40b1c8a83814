"""Tests of engine/digits."""

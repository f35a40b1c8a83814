"""Tests of engine/methods."""

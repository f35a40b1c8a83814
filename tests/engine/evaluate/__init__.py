"""Tests of engine/evaluate."""

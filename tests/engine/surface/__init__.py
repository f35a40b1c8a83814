"""Tests of engine/surface."""

"""Tests of engine/health."""

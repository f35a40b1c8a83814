"""Tests of ``engine/export``."""

"""Tests of maps on a cluster; `make test-ray` runs them."""

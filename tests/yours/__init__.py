"""Tests of Backscope in a notebook, in a real JupyterLab; `make test-yours` runs them."""

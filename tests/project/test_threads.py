"""Importing the engine leaves the threads of a process alone; the commands set one thread for matrix products."""

import subprocess
import sys

from tests.helpers.serving import ROOT

PROBE = """
import numpy
from threadpoolctl import threadpool_info, threadpool_limits
threads = lambda: {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}
threadpool_limits(2, user_api="blas")
before = threads()
import engine, server.app
assert threads() == before, threads()
from server import workers
workers.Server.run = lambda *_, **__: None
workers.serve(workers.Settings(), None)
assert threads() == {1}, threads()
threadpool_limits(2, user_api="blas")
from terminal.commands import run
assert run(["--help"]) == 0
assert threads() == {1}, threads()
"""


def test_importing_the_engine_leaves_the_threads_of_a_process_alone_and_a_command_sets_one():
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

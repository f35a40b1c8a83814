"""How many threads matrix products run on: a matter of the whole process, which every command of ours settles."""

import numpy  # noqa: F401  (only a library that is loaded already can be told)
from threadpoolctl import threadpool_limits


def one_thread() -> None:
    """Have NumPy's matrix products run on one thread from now on, for the whole process.

    At the sizes of these networks a second thread only makes them slower. The same products on any number of threads
    have the same bits with the kernels that we know of, but nothing here relies on it.
    """
    threadpool_limits(1, user_api="blas")

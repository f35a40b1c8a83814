"""The number of threads that matrix products run on. It holds for the whole process; every command sets it to one."""

import numpy  # noqa: F401  (the limit reaches only libraries that are loaded already)
from threadpoolctl import threadpool_limits


def one_thread() -> None:
    """Limit NumPy's matrix products to one thread from now on, for the whole process.

    At the sizes of these networks a second thread makes products slower. With the kernels that have been tried, the
    bits of a product do not depend on the number of threads; nothing here relies on that.
    """
    threadpool_limits(1, user_api="blas")

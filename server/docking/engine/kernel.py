"""How the inner loops are compiled: to machine code, kept on disk, running without the interpreter lock.

Kernels are serial, so that many of them can run on threads at once, and index with unsigned integers where it matters: a signed index
costs a test for counting from the end.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., object])

UInt32 = NDArray[np.uint32]


def kernel(function: Function) -> Function:
    """Compile on the first call for each set of argument types."""
    try:
        compiled = numba.njit(nogil=True, cache=True, boundscheck=False, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep it in can be written to: each process compiles for itself
        compiled = numba.njit(nogil=True, boundscheck=False, error_model="numpy")(function)
    return cast(Function, compiled)


def inlined(function: Function) -> Function:
    """A small piece of a kernel, copied into it: a call would count references to every array that it is given."""
    compiled = numba.njit(nogil=True, inline="always", boundscheck=False, error_model="numpy")(function)
    return cast(Function, compiled)

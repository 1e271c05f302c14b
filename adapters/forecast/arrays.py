"""numpy, which comes with an extra and is imported when a forecast is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..extras import not_installed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Real = NDArray[np.float64]


def numpy() -> Any:
    """The module. Raises NotInstalled."""
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise not_installed("numpy", "forecast") from error
    return numpy

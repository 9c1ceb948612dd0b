"""The arrays and sizes of studio/, each named once."""

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]

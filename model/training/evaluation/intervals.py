"""How sure a figure is: 95 % confidence intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_Z = 1.959964  # 97.5 % of a standard normal distribution lies below
_DRAWS = 2000

Interval = tuple[float, float]


def wilson(right: int, n: int) -> Interval:
    """The score interval of a proportion (Wilson, JASA 1927): good near 0 and 1 too."""
    share, spread = right / n, _Z**2 / n
    middle, half = share + spread / 2, _Z * float(np.sqrt(share * (1 - share) / n + spread / (4 * n)))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def share_interval(right: NDArray[np.bool_], writers: NDArray[np.str_] | None) -> Interval:
    """The interval of a share: Wilson's, or where writers are known that of a bootstrap (Efron, Ann. Stat. 1979).

    Glyphs of one writer are right or wrong together, so whole writers are drawn.

    Args:
        right: Shape (n,).
        writers: Who wrote each, shape (n,), or None.
    """
    if writers is None or right.all() or not right.any() or len(np.unique(writers)) == 1:  # nothing to draw from
        return wilson(int(right.sum()), len(right))
    drawn = resampled(np.column_stack([right, np.ones(len(right))]), writers)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return float(low), float(high)


def resampled(rows: NDArray[np.float64], groups: NDArray[np.str_]) -> NDArray[np.float64]:
    """Sums of rows over bootstrap samples of whole groups.

    Args:
        rows: Shape (n, m).
        groups: What belongs together, shape (n,).

    Returns:
        Shape (2000, m): for each sample, as many groups as there are, drawn with replacement.
    """
    _, which = np.unique(groups, return_inverse=True)
    sums = np.zeros((int(which.max()) + 1, rows.shape[1]))
    np.add.at(sums, which, rows)
    counts = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), _DRAWS)
    return np.asarray(counts @ sums, np.float64)

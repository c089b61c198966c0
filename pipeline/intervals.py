"""Intervals of 95 % around shares (Wilson) and around counts and rates of rare events (exact Poisson)."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

_Z = 1.959963984540054


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return the interval of the share part/whole, 0 to 1; (0, 1) where the whole is empty."""
    if whole <= 0:
        return 0.0, 1.0
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = _Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def poisson(count: float) -> tuple[float, float]:
    """Return the interval of the expected number where so many were counted."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(count, 0.025)) if count else 0.0
    return low, float(gammaincinv(count + 1, 0.975))


def poisson_tail(count: float, expected: float) -> float:
    """Return how likely at least so many are where so many are expected."""
    from scipy.special import gammainc

    return float(gammainc(count, expected)) if count else 1.0


def add_shares(frame: pd.DataFrame, part: str, whole: Iterable[float] | float) -> pd.DataFrame:
    """Return the frame with persen, bawah and atas: the share in per cent and its Wilson interval."""
    wholes = [whole] * len(frame) if isinstance(whole, (int, float)) else list(whole)
    pairs = [(float(n), float(of)) for n, of in zip(frame[part], wholes, strict=True)]
    spans = [wilson(n, of) for n, of in pairs]
    return frame.assign(
        persen=[round(100 * n / of, 1) if of else math.nan for n, of in pairs],
        bawah=[round(100 * low, 1) for low, _ in spans],
        atas=[round(100 * high, 1) for _, high in spans],
    )


def add_rates(frame: pd.DataFrame, count: str = "kasus", read: str = "dibaca") -> pd.DataFrame:
    """Return the frame with per_1000_artikel, bawah and atas: cases per 1,000 articles read, Poisson interval.

    All three are missing where nothing was read: no reading is no quiet.
    """
    rates: list[float] = []
    lows: list[float] = []
    highs: list[float] = []
    for n, of in zip(frame[count], frame[read], strict=True):
        low, high = poisson(n)
        for values, value in ((rates, n), (lows, low), (highs, high)):
            values.append(round(1000 * value / of, 1) if of else math.nan)
    return frame.assign(per_1000_artikel=rates, bawah=lows, atas=highs)

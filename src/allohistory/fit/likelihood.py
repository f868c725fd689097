"""Penalised logits and regression by Newton's method; Gaussian priors on raw O(1) scales."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 40
TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """
    Mode and curvature of one process.

    Attributes
    ----------
    mode : (A, K) float64
        Coefficients by alternative and term.
    covariance : (A * K, A * K) float64
        Inverse of the negative Hessian of the log posterior (Laplace approximation).
    rows, events : int
        Choices seen, and how many came out otherwise than nothing.
    evidence : float
        Log marginal likelihood (Laplace), up to a constant that no prior changes.
    """

    mode: Floats
    covariance: Floats
    rows: int
    events: int
    evidence: float = 0.0


def evidence(fit: float, off: Floats, sd: Floats, hessian: Floats) -> float:
    """
    Log marginal likelihood by Laplace's method (MacKay 1992), up to a constant.

    Parameters
    ----------
    fit : float
        Log likelihood at the mode.
    off : (K,) float64
        Mode less prior mean.
    sd : (K,) float64
    hessian : (K, K) float64
        Of the negative log posterior.
    """
    _, volume = np.linalg.slogdet(hessian)
    return float(fit - 0.5 * ((off / sd) ** 2).sum() - np.log(sd).sum() - 0.5 * volume)


def _inverse(hessian: Floats) -> Floats:
    """Inverse of a Hessian, as float64."""
    return np.asarray(np.linalg.inv(hessian), np.float64)


def binary(
    x: Floats, y: Floats, mean: Floats, sd: Floats, offset: Floats | None = None
) -> Estimate:
    """
    Binary logit with Gaussian priors.

    Parameters
    ----------
    x : (n, K) float64
    y : (n,) float64
        0 or 1.
    mean, sd : (K,) float64
        Prior of each coefficient.
    offset : (n,) float64, optional
        Added to the linear predictor (year shocks).
    """
    precision = 1.0 / sd**2
    beta = mean.copy()
    off = np.zeros(len(y)) if offset is None else offset
    hessian = np.diag(precision)
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta + off, -35, 35)))
        gradient = x.T @ (y - p) - precision * (beta - mean)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        beta += step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    eta = np.clip(x @ beta + off, -35, 35)
    fit = float((y * eta - np.log1p(np.exp(eta))).sum())
    told = evidence(fit, beta - mean, sd, hessian)
    return Estimate(beta[None], _inverse(hessian), len(y), int(y.sum()), told)


def multinomial(
    x: Floats,
    y: NDArray[np.int64],
    mean: Floats,
    sd: Floats,
    offset: Floats | None = None,
    *,
    weight: Floats | None = None,
) -> Estimate:
    """
    Multinomial logit with base alternative 0; `mean` and `sd` have shape (A, K).

    `offset` (n,) is added to the predictor of the last alternative; `weight` (n,) says how much
    each row counts.
    """
    a, k = mean.shape
    one = np.ones(len(y)) if weight is None else weight
    flat, precision = mean.ravel().copy(), 1.0 / sd.ravel() ** 2
    hessian = np.diag(precision)
    for _ in range(STEPS):
        beta = flat.reshape(a, k)
        eta = np.clip(x @ beta.T, -35, 35)
        if offset is not None:
            eta[:, -1] += offset
        odds = np.exp(eta)
        p = odds / (1.0 + odds.sum(1, keepdims=True))
        gradient = np.concatenate(
            [x.T @ (one * ((y == r + 1) - p[:, r])) for r in range(a)]
        ) - precision * (flat - mean.ravel())
        hessian = np.diag(precision).copy()
        for r in range(a):
            for s in range(a):
                curve = one * p[:, r] * ((r == s) - p[:, s])
                hessian[r * k : (r + 1) * k, s * k : (s + 1) * k] += (x * curve[:, None]).T @ x
        step = np.linalg.solve(hessian, gradient)
        flat = flat + step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    eta = np.clip(x @ flat.reshape(a, k).T, -35, 35)
    if offset is not None:
        eta[:, -1] += offset
    chosen = np.where(y > 0, eta[np.arange(len(y)), np.maximum(y, 1) - 1], 0.0)
    fit = float((one * (chosen - np.log1p(np.exp(eta).sum(1)))).sum())
    told = evidence(fit, flat - mean.ravel(), sd.ravel(), hessian)
    return Estimate(flat.reshape(a, k), _inverse(hessian), len(y), int((y > 0).sum()), told)


def conditional(
    x: Floats, group: NDArray[np.int64], chosen: NDArray[np.bool_], mean: Floats, sd: Floats
) -> Estimate:
    """
    Conditional logit (McFadden 1974): within each group one row was chosen.

    A group in which no row was chosen counts as the choice of an outside option of predictor 0.
    """
    precision, beta = 1.0 / sd**2, mean.copy()
    _, g = np.unique(group, return_inverse=True)
    many = int(g.max(initial=-1)) + 1
    has_choice = np.bincount(g, chosen, minlength=many) > 0
    outside = np.zeros(many)
    hessian = np.diag(precision)
    for _ in range(STEPS):
        odds = np.exp(np.clip(x @ beta, -35, 35))
        total = np.bincount(g, odds, minlength=many) + outside
        p = odds / total[g]
        gradient = x.T @ (chosen - p) - precision * (beta - mean)
        centre = np.zeros((many, x.shape[1]))
        np.add.at(centre, g, x * p[:, None])
        hessian = (x * p[:, None]).T @ x - centre.T @ centre + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    odds = np.exp(np.clip(x @ beta, -35, 35))
    total = np.bincount(g, odds, minlength=many) + outside
    fit = float((np.log(odds[chosen])).sum() - np.log(total).sum())
    told = evidence(fit, beta - mean, sd, hessian)
    return Estimate(beta[None], _inverse(hessian), int(many), int(has_choice.sum()), told)


def linear(x: Floats, y: Floats, mean: Floats, sd: Floats) -> tuple[Estimate, float]:
    """Ridge regression with Gaussian priors; returns the residual standard deviation too."""
    precision = 1.0 / sd**2
    scale = float(np.var(y)) or 1.0
    beta = mean.copy()
    covariance = np.diag(sd**2)
    for _ in range(5):
        hessian = x.T @ x / scale + np.diag(precision)
        beta = np.asarray(np.linalg.solve(hessian, x.T @ y / scale + precision * mean), np.float64)
        covariance = _inverse(hessian)
        scale = float(np.var(y - x @ beta))
    return Estimate(beta[None], covariance, len(y), len(y)), float(np.sqrt(scale))

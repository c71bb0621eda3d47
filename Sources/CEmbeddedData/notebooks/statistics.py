# %%
everything = {}  # ablations by name


def student_cdf(t, freedom):
    """The probability that Student's t with so many degrees of freedom is at most t."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    # Half of the angle whose tangent is t / √freedom, where the density is a power of a cosine.
    angle = math.atan(t / math.sqrt(freedom))
    x = angle / 2 * (nodes + 1)
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    return 0.5 + scale * angle / 2 * (weights * np.cos(x) ** (freedom - 1)).sum()


def student_quantile(level, freedom):
    """Where `student_cdf` is the level, by bisection."""
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, freedom) < level else (low, middle)
    return high


def holm(p_values):
    """Holm's adjustment for all of them (1979)."""
    order = np.argsort(p_values)
    adjusted, largest = np.ones(len(order)), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def paired(differences):
    """Mean, 95 % interval and p of differences by repetition; NaN where they have none."""
    count = len(differences)
    if count < 2 or not np.isfinite(differences).all() or differences.std(ddof=1) == 0:
        return differences.mean(), np.nan, np.nan, np.nan
    error = differences.std(ddof=1) / math.sqrt(count)
    reach = student_quantile(0.975, count - 1) * error
    p = 2 * (1 - student_cdf(abs(differences.mean()) / error, count - 1))
    return differences.mean(), differences.mean() - reach, differences.mean() + reach, p


def show_ablation(found):
    """Mean test losses of all arms, and the last arm held against the others, at each horizon."""
    losses = {key: curve["mean"][:, -1] for key, curve in found.curves.items()}
    horizons = list(dict.fromkeys(horizon for _, horizon in losses))
    arms = list(dict.fromkeys(arm for arm, _ in losses))
    tested = [(arm, horizon) for horizon in horizons for arm in arms[:-1]]
    results = [paired(losses[arms[-1], horizon] - losses[arm, horizon]) for arm, horizon in tested]
    known = [index for index, result in enumerate(results) if np.isfinite(result[3])]
    adjusted = np.full(len(results), np.nan)
    adjusted[known] = holm(np.array([results[index][3] for index in known]))
    for horizon in horizons:
        print(f"runs of {horizon} inner steps, {len(losses[arms[0], horizon])} repetitions\n")
        show_table(["rates", "test loss", "sd of repetitions"],
                   [[arm, f"{losses[arm, horizon].mean():#.4g}",
                     f"{losses[arm, horizon].std(ddof=1):#.4g}"
                     if len(losses[arm, horizon]) > 1 else "—"] for arm in arms])
        rows = []
        for (arm, at), (mean, low, high, _), p in zip(tested, results, adjusted):
            if at != horizon:
                continue
            below = np.sum(losses[arms[-1], horizon] < losses[arm, horizon])
            word = ("—" if np.isnan(p) else "undecided" if p >= 0.05
                    else "lower" if mean < 0 else "higher")
            rows.append([f"− {arm}", f"{mean:+#.4g}",
                         "—" if np.isnan(low) else f"[{low:+#.4g}, {high:+#.4g}]", word,
                         "—" if np.isnan(p) else "< 0.0001" if p < 1e-4 else f"{p:.4f}",
                         f"{below} of {len(losses[arm, horizon])}"])
        if rows:
            print()
            show_table([arms[-1], "test loss", "95 % interval", "verdict", "p (Holm)", "lower in"],
                       rows)
            print()


def draw_repetitions(found, title):
    """The mean test loss of each repetition, a line of points for each arm."""
    losses = {key: curve["mean"][:, -1] for key, curve in found.curves.items()}
    horizons = list(dict.fromkeys(horizon for _, horizon in losses))
    for horizon in horizons:
        arms = [arm for arm, at in losses if at == horizon]
        figure, axes = plt.subplots(figsize=(8, 1.2 + 0.3 * len(arms)))
        for row, arm in enumerate(arms):
            values = losses[arm, horizon]
            color = COLORS[1] if row == len(arms) - 1 else COLORS[0]
            axes.plot(values, [row] * len(values), "o", color=color, markersize=4, alpha=0.55)
            axes.plot([values.mean()] * 2, [row - 0.35, row + 0.35], color=color, linewidth=2.5)
        axes.set_yticks(range(len(arms)), map(plain, arms))
        axes.invert_yaxis()
        axes.set(xlabel="mean test loss of a repetition; stroke: mean of repetitions",
                 title=plain(f"{title}, {horizon} inner steps"))
        figure.tight_layout()

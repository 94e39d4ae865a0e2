"""Small plots for the instructor's page, as SVG with words for those who do not see them."""

import io
import re
from html import escape

SIZE = (7.2, 2.8)
INK, BLUE, ORANGE = "#1b1b1f", "#1f5fa8", "#b45309"
LONGEST_LABEL = 40


def scores(values, most):
    """Draw how many learners have how many points."""
    title = f"Scores of {len(values)} learners"
    middle = sorted(values)[len(values) // 2] if values else 0
    words = f"Histogram. Half of the learners have {middle:g} of {most:g} points or more." if values else "Nobody yet."

    def draw(axes):
        axes.hist(values, bins=min(20, max(4, int(most) or 4)), range=(0, most or 1), color=BLUE, edgecolor="white")
        axes.set_xlabel("points")
        axes.set_ylabel("learners")

    return _svg(draw, title, words)


def success(rates):
    """Draw the share of learners who have each exercise right, hardest first."""
    ordered = sorted(rates.items(), key=lambda item: item[1])
    words = "; ".join(f"{name}: {rate:.0%}" for name, rate in ordered) or "Nobody yet."

    def draw(axes):
        names = [name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…" for name, _ in ordered]
        axes.barh(names[::-1], [rate * 100 for _, rate in ordered][::-1], color=BLUE)
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of those who handed in")

    return _svg(draw, "Exercises by success rate, hardest first", words, height=max(1.6, 0.28 * len(ordered) + 1))


def attempts(days, due):
    """Draw how many attempts came on each day; ``days`` maps dates to counts, in order."""
    total = sum(days.values())
    words = f"{total} attempts between {min(days)} and {max(days)}." if days else "None yet."

    def draw(axes):
        axes.bar(list(days), list(days.values()), width=0.9, color=BLUE)
        if due is not None:
            axes.axvline(due, color=ORANGE, linewidth=1.5)
            axes.annotate("due", (due, 1), xycoords=("data", "axes fraction"), color=ORANGE, va="bottom", ha="center")
        axes.set_ylabel("attempts a day")
        axes.figure.autofmt_xdate()

    return _svg(draw, "Attempts over time", words)


def waiting(seconds):
    """Draw how long learners waited for a grade, on a scale of tenfolds."""
    ordered = sorted(seconds)
    words = f"Half were graded within {_span(ordered[len(ordered) // 2])}." if ordered else "None yet."

    def draw(axes):
        axes.hist([max(value, 0.1) for value in ordered], bins=[10 ** (n / 2) for n in range(-2, 14)], color=BLUE)
        axes.set_xscale("log")
        axes.set_xticks([1, 60, 3600, 86_400], ["1 s", "1 min", "1 h", "1 day"])
        axes.set_xlabel("from receipt to grade")
        axes.set_ylabel("attempts")

    return _svg(draw, "Time to grade", words)


def _span(seconds):
    for size, name in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"


def _svg(draw, title, words, *, height=None):
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Without pyplot: nothing is shared between threads, and nothing stays open. Text is drawn as paths, never as mark-up.
    with mpl.rc_context(
        {"svg.hashsalt": "medlabs", "svg.fonttype": "path", "text.parse_math": False, "text.usetex": False}
    ):
        figure = Figure(figsize=(SIZE[0], height or SIZE[1]), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    label = escape(f"{title}. {words}", quote=True)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return f"<figure>\n<figcaption>{escape(title)}. {escape(words)}</figcaption>\n{svg}\n</figure>"

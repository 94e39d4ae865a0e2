"""What was measured, as Markdown, and its place in docs/grading.md."""

import platform
from datetime import UTC, datetime
from importlib import metadata
from statistics import median

import psutil
from graders import Row
from submissions import REPOSITORY, SLOW_SECONDS

PAGE = REPOSITORY / "docs" / "grading.md"
BEGIN, END = "<!-- bench-grading: written by `make bench-grading`, never by hand -->", "<!-- end of bench-grading -->"
BUDGET = {"tabular": (0.5, 8), "deep": (1.0, 10)}  # seconds of overhead; times as many per minute


def facts(load, seconds, otter, *, quick):
    """Say in one paragraph when, on what, and with which versions."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("nbgrader", "tensorflow", "numpy"))
    found = f"otter-grader {otter[1]}" if isinstance(otter, tuple) else otter or "otter-grader left out"
    cores, memory = len(psutil.Process().cpu_affinity() or []) or psutil.cpu_count(), psutil.virtual_memory().total
    kind = "A quick run" if quick else "A full run"
    return (
        f"{kind} of `make bench-grading`, {datetime.now(UTC):%Y-%m-%d}, {seconds / 60:.0f} minutes: {cores} cores, "
        f"{memory / 2**30:.0f} GB, load {load:.1f} when it began; Python {platform.python_version()}, {versions}; {found}."
    )


def comparison(profile, place, rows):
    """Make the table of one profile: a grader per row."""
    ours = next((row for row in rows if isinstance(row, Row)), None)
    lines = [
        f"\n**{profile}** ({place.week.name}, {len(ours.wall) if ours else 0} submissions: {_kinds(ours)})\n",
        "| grader | seconds each, median | CPU seconds each, mean | peak memory | per minute | times longer, median "
        "| same scores |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if isinstance(row, str):
            lines.append(f"| {row} | | | | | | |")
            continue
        done = f" ({len(row.wall)} of {len(ours.wall)} in its time)" if len(row.wall) < len(ours.wall) else ""
        lines.append(
            f"| {row.grader}{done} | {row.each:.2f} | {row.cpu:.1f} | {row.peak_mb:.0f} MB | {row.per_minute:.1f} "
            f"| {_ratio(row, ours)} | {_same(row, ours)} |"
        )
    notes = [f"{row.grader}: {row.note}." for row in rows if isinstance(row, Row) and row.note]
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def budgets(profile, rows, split):
    """Say how far the budgets are kept, and where the time of one right submission goes."""
    ours = [row for row in rows if isinstance(row, Row) and row.own]
    other = [row for row in rows if isinstance(row, Row) and row.grader.startswith("`nbgrader")]
    if not ours:
        return f"- {profile}: nothing was measured."
    most, times = BUDGET[profile]
    over = [ours[0].wall[name] - ours[0].own[name] for name in ours[0].wall]
    start = ours[0].total - sum(ours[0].wall.values())
    own = f"{median(over):.2f} s (wanted: at most {most:g} s; largest {max(over):.2f} s)"
    text = f"- {profile}: overhead of a submission (clock minus the answers' own CPU), median {own}; "
    text += f"start of the grader {start:.1f} s"
    if other:
        rate = ours[-1].per_minute / other[0].per_minute
        text += f"; {rate:.1f} times as many per minute as `nbgrader autograde`, start included (wanted: {times})"
        steady = len(ours[-1].wall) / (ours[-1].total - start) if ours[-1].total > start else 0
        text += f", {60 * steady / other[0].per_minute:.1f} times without the start"
    if split:
        rest = split["wall"] - split["answers"] - split["checks"] - split["forks"]
        text += (
            f". A right submission, fastest of three: {split['wall']:.2f} s, of which {split['answers']:.2f} s the answers' "
            f"CPU, {split['checks']:.2f} s the CPU of the checks (expected values and the instructor's cells), "
            f"{split['forks']:.2f} s the two forks and the sandbox, "
            f"and {max(rest, 0):.2f} s reading, messages and waiting for a core"
        )
    return text + "."


def growth_table(rows):
    """Make the table of growth: time and memory for more and more submissions."""
    lines = ["| submissions | seconds | seconds each beyond the smaller run | peak memory |", "|---|---|---|---|"]
    before = None
    for size, row in rows:
        more = f"{(row.total - before[1].total) / (size - before[0]):.3f}" if before else ""
        lines.append(f"| {size:,} | {row.total:.1f} | {more} | {row.peak_mb:.0f} MB |")
        before = (size, row)
    return "\n".join(lines)


def whole(text, profiles, growth):
    """Put everything together."""
    parts = [text, *(comparison(profile, place, rows) for profile, (place, rows, _) in profiles.items())]
    parts += ["", "Against the budgets:", ""]
    parts += [budgets(profile, rows, split) for profile, (_, rows, split) in profiles.items()]
    words = growth[0][1].grader if growth else "not measured"
    parts += ["", f"**Growth**: {words}, on the tabular week, without slow ones.", ""]
    return "\n".join([*parts, growth_table(growth), ""])


def write(text):
    """Put it between the markers of the page; give the page's name."""
    page = PAGE.read_text(encoding="utf-8")
    head, found, rest = page.partition(BEGIN)
    _, also, tail = rest.partition(END)
    if not found or not also:
        raise SystemExit(f"{PAGE.name} has no place for the table: put these two lines into it.\n{BEGIN}\n{END}")
    PAGE.write_text(f"{head}{BEGIN}\n\n{text}\n{END}{tail}", encoding="utf-8")
    return PAGE.relative_to(REPOSITORY)


def _kinds(row):
    kinds = {}
    for name in row.wall if row else ():
        kind = name.rstrip("0123456789")
        kinds[kind] = kinds.get(kind, 0) + 1
    words = [f"{count} {kind}" for kind, count in kinds.items()]
    return ", ".join(words) + f" by {SLOW_SECONDS:g} s"


def _ratio(row, ours):
    if row is ours:
        return "1"
    both = row.wall.keys() & ours.wall.keys()
    return f"{median(row.wall[name] / ours.wall[name] for name in both):.1f}" if both else ""


def _same(row, ours):
    if row is ours:
        return ""
    both = row.wall.keys() & ours.wall.keys()
    return f"{sum(row.scores[name] == ours.scores[name] for name in both)} of {len(both)}"

"""Run every attack against both graders and print the table: ``make attacks``.

Usage: PYTHONPATH=tests python -m attacks.table [--json FILE] [FAMILY ...]
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import click
from attacks.arena import Arena
from attacks.suite import CASES, FAMILIES, NOT_YET


def main():
    """Run, print, and end with status 1 if anything succeeded against our grader."""
    wish = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wish.add_argument("families", nargs="*", default=list(CASES), metavar="FAMILY", help="A to G; all when left out")
    wish.add_argument("--json", type=Path, metavar="FILE", help="write what came of each case, without times")
    wish = wish.parse_args()
    began, results = time.monotonic(), {}
    with tempfile.TemporaryDirectory(prefix="medlabs-attacks-") as folder, Arena(folder) as arena:
        for family in wish.families:
            click.echo(f"\n{family}. {FAMILIES[family].capitalize()}")
            click.echo(f"  {'case':<14}{'what is tried':<46}{'medlabs':<12}{'s':>5}  {'unprotected':<12}{'s':>5}")
            for case in CASES[family]:
                results[case.id] = run(arena, case)
    print_totals(wish.families, results)
    click.echo(f"\n{time.monotonic() - began:.0f} seconds.")
    for number, why in NOT_YET.items():
        click.echo(f"No case yet for entry {number}: {why}.")
    if wish.json:
        wish.json.write_text(json.dumps(results, indent=1) + "\n")
    lost = {name: result["medlabs"] for name, result in results.items() if result["medlabs"]}
    for name, why in lost.items():
        click.echo(f"AGAINST MEDLABS: {name}: {why}")
    sys.exit(1 if lost else 0)


def run(arena, case):
    """Run one case against both, print its line, and give what came of it."""
    ours = case.run(arena, "ours")
    line = f"  {case.id:<14}{case.name[:45]:<46}{word(ours.success):<12}{ours.seconds:5.1f}  "
    result = {"medlabs": ours.success, "unprotected": None}
    if case.baseline:
        other = case.run(arena, "baseline")
        line += f"{word(other.success):<12}{other.seconds:5.1f}"
        result["unprotected"] = bool(other.success)
    click.echo(line + ("" if case.baseline else "-"))
    return result


def word(success):
    """Say in one word what came of an attack."""
    return "SUCCEEDED" if success else "held"


def print_totals(families, results):
    """Print how many attacks of each family succeeded."""
    click.echo(f"\n{'attacks that succeeded':<40}{'medlabs':>12}{'unprotected':>16}")
    for family in families:
        found = [results[case.id] for case in CASES[family]]
        tried = [result for result in found if result["unprotected"] is not None]
        ours, other = sum(bool(r["medlabs"]) for r in found), sum(r["unprotected"] for r in tried)
        click.echo(f"  {family}. {FAMILIES[family]:<35}{ours:>5} of {len(found):<4}{other:>9} of {len(tried)}")


if __name__ == "__main__":
    main()

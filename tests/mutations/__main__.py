"""`python -m tests.mutations`: run the campaign, or one of its cases again."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
from pathlib import Path

from tests.mutations.campaign import Campaign


def main() -> int:
    """Print what was seen; 1 where a case failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the number that every case is drawn from (default: a new one)")
    parser.add_argument("--count", type=int, default=2_000, help="how many cases (default: %(default)s)")
    parser.add_argument("--case", type=int, action="append", help="only the case with this number; may be given again")
    parser.add_argument("--folder", type=Path, help="where the organisations and the failures go (default: a temporary folder)")
    given = parser.parse_args()
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    folder = given.folder or Path(tempfile.mkdtemp(prefix="mutations-"))
    print(f"seed {seed}, in {folder}", file=sys.stderr)
    tally = Campaign(folder, seed).run(given.case or range(given.count))
    for failure in tally.failures:
        print(f"{failure.case}\n  {failure.fault}\n  {failure.file}", file=sys.stderr)
    figures = {
        "seed": seed,
        "cases": tally.cases,
        "sure": tally.sure,
        "failures": len(tally.failures),
        "by_input": dict(sorted(tally.by_input.items())),
    }
    print(json.dumps({**figures, "peak_mib": tally.peak >> 20, "processor_seconds": round(tally.seconds, 1)}))
    return int(bool(tally.failures))


if __name__ == "__main__":
    raise SystemExit(main())

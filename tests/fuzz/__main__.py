"""`python -m tests.fuzz READER FOLDER`: made-up bytes for one reader until the time is up or something escapes from it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.readers import READERS, prepare


def main() -> int:
    """Run the fuzzer; it ends the process, with 0 where nothing escaped."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("reader", choices=sorted(READERS))
    parser.add_argument("folder", type=Path, help="where the corpus grows and the inputs lie that something escaped with")
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: %(default)s)")
    given = parser.parse_args()
    import atheris

    corpus = given.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["macros", "yaml", "html", "_markupbase", "csv", "zipfile", "openpyxl"]):
        one_input = prepare(given.reader, corpus)
    options = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=8192", f"-max_total_time={given.seconds}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], str(corpus), *options, f"-artifact_prefix={given.folder}/"], one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

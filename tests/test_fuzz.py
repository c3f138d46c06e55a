"""Nothing escapes from the strict readers, whatever a coverage-guided fuzzer finds; `make fuzz` prepares what it needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KIT
from tests.fuzz.readers import READERS, prepare

PYTHON = Path(os.environ.get("AIMS_FUZZ_PYTHON", KIT / "build/fuzz/bin/python"))
SECONDS = int(os.environ.get("AIMS_FUZZ_SECONDS", "60"))


@pytest.mark.parametrize("name", READERS)
def test_each_reader_takes_its_first_files_and_damaged_ones(name, tmp_path):
    one_input = prepare(name, tmp_path)
    files = sorted(tmp_path.iterdir())
    assert files
    for file in files:
        data = file.read_bytes()
        for piece in (data, data[: len(data) // 2], data[::-1], data.replace(b"\n", b"\r"), data.replace(b":", b"\xc2\x85"), b""):
            one_input(piece)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", READERS)
def test_nothing_escapes_from_a_reader(name, tmp_path):
    words = [str(PYTHON), "-m", "tests.fuzz", name, str(tmp_path), "--seconds", str(SECONDS)]
    done = subprocess.run(
        words, cwd=KIT, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, timeout=SECONDS + 300
    )
    sys.stderr.write(done.stderr[-3000:])
    assert done.returncode == 0, f"{done.stderr[-3000:]}\n{sorted(tmp_path.iterdir())}"
    assert int(re.search(r"stat::number_of_executed_units: (\d+)", done.stderr).group(1)) > 100

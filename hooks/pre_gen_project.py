"""Refuses answers that cannot work, in one sentence, before any file is written."""

import datetime
import json
import pathlib
import re
import sys
import unicodedata
from typing import Any

# The filter escapes quotes, angle brackets and ampersands, so an answer cannot leave this literal.
ANSWERS = json.loads(r"""<< cookiecutter | tojson >>""")

DELIMITERS = (
    "{" + "{",
    "}" + "}",
    "{" + "%",
    "%" + "}",
    "{" + "#",
    "#" + "}",
    "<" + "<",
    ">" + ">",
    "<" + "%",
    "%" + ">",
    "<" + "#",
    "#" + ">",
)
TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
DEVICES = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def refusal(answers: dict[str, Any], this_year: int) -> str | None:
    """One sentence that says what cannot be used and what to answer instead, or None."""
    for question, answer in answers.items():
        if question.startswith("_") or not isinstance(answer, str):
            continue
        mark = next((mark for mark in DELIMITERS if mark in answer), None)
        if mark:
            return f"The answer to '{question}' contains '{mark}', which the templates would take for code; leave it out."
        if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in answer):
            return f"The answer to '{question}' contains a line break or control character; write it on one line."
        if any(unicodedata.bidirectional(char) in TURNING for char in answer):
            return f"The answer to '{question}' contains a character that turns the direction of the text; write it without."
    name = answers["org_name"]
    if not name.strip() or name != name.strip():
        return "The name of the organisation is empty or begins or ends with a space; write it as it is to appear."
    if len(name) > 200:
        return "The name of the organisation is longer than 200 characters; write it as it is to appear."
    folder = answers["org"]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", folder) or folder.endswith(".") or DEVICES.match(folder):
        return (
            f"'{folder}' is no usable folder name; use up to 80 letters, digits, dots, hyphens and underscores, "
            "beginning with a letter or digit."
        )
    if "yes" not in (answers["develops_ai"], answers["provides_ai"], answers["uses_ai"]):
        return "An organisation that neither develops, provides nor uses AI has no AI to manage; answer one of the three with yes."
    since = answers["isms_since"]
    if since != "none":
        if not re.fullmatch(r"\d{4}", since):
            return f"'{since}' is no year; write the year of the first ISO/IEC 27001 certificate with four digits, or none."
        if int(since) > this_year:
            return f"The ISMS cannot have been certified in {since}, which is in the future; write the year, or none."
        if int(since) < 1995:
            return f"No ISMS was certified in {since}, before the standard existed; write the year, or none."
    if since == "none" and answers["integration_strategy"] != "standalone":
        return (
            f"The strategy '{answers['integration_strategy']}' needs an ISMS, and there is none; "
            "answer isms_since with a year, or choose standalone."
        )
    return None


if __name__ == "__main__":
    sentence = refusal(ANSWERS, datetime.date.today().year)  # noqa: DTZ011  # the year where somebody answers
    if sentence:
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # it is the stream that Python opened
        print(sentence, file=sys.stderr)
        sys.exit(1)
    # A generation over an earlier one is not complete before its last file, whatever the earlier one left here.
    pathlib.Path(".aims.json").unlink(missing_ok=True)

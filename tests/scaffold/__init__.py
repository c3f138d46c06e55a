"""Begins a change of the kit: the code, the worlds, the manual's heading and the tests of a new check, register, document, catalogue or verb.

What only a person can say is left between `‹write` and `›`, and `tests/test_scaffold.py` lists each such place until it is written.
Nothing here is part of a generated repository.
"""

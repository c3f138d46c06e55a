"""Several files are written, all of them or none, whatever stops the program on the way.

What is to be written is first laid into `.aims-work/stage/`, together with what it will replace. Then one rename makes the
journal appear, which is the moment of decision: before it everything is old, after it everything becomes new. The files are
then put in place one by one, and the journal is taken away. A program that was stopped in between is finished by the next
one that writes here; a program that only reads sees the journal, and does not read what is half old and half new.

One program writes at a time: the lock lies in the same folder, which git does not see and which is gone when nobody writes.
"""

from macros.journal.record import WORK, FileStep, Writing, settled, unfinished
from macros.journal.writing import EDITED, finish, home_for, turn, write_files

__all__ = ["EDITED", "WORK", "FileStep", "Writing", "finish", "home_for", "settled", "turn", "unfinished", "write_files"]

"""How the console script ends."""

import subprocess
import sys

#: Told to end where Python ignores what is raised, and once more after a little while.
LOST = """
import os, signal, sys
from guikou.adapters.cli import program

class Last:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

def goes_on(words):
    last = Last()
    del last
    print("goes on", flush=True)
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        return 1

program.AGAIN = 0.1
program.run = goes_on
program.main()
"""


def test_whoever_is_told_to_end_where_nobody_hears_it_is_told_again():
    ended = subprocess.run([sys.executable, "-c", LOST], capture_output=True, check=False, timeout=60)
    assert ended.stdout.decode().strip() == "goes on"
    assert b"KeyboardInterrupt" in ended.stderr  # which Python ignored
    assert ended.returncode == 128 + 15

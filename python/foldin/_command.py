"""The `foldin` command."""

import signal
import sys

from ._foldin import run


def main() -> int:
    """Runs the command with this process's arguments; its exit code."""
    # The command knows nothing of Python's handler, which would only note that Ctrl-C was pressed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run(["foldin", *sys.argv[1:]])

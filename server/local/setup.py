"""Set-up before anything is installed: `python3 -m server.local.setup run` (or `dev`).

Only the standard library, and in this file only what Python 3.6 can read, so that an old one can be told so.
"""

import os
import shutil
import sys

NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def use_a_new_python():
    """Go on under Python 3.11 or newer, or say in one line that there is none."""
    if sys.version_info >= (3, 11):  # noqa: UP036  # the one place that an older Python reaches
        return
    for name in NEWER:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, "-m", "server.local.setup", *sys.argv[1:]])  # noqa: S606  # no shell is wanted
    sys.exit(
        f"jiedui: this is Python {sys.version_info[0]}.{sys.version_info[1]}, Jiedui needs 3.11 or newer: "
        "install it, or name it, for instance `make run PYTHON=/usr/bin/python3.12`."
    )


if __name__ == "__main__":
    use_a_new_python()
    from server.local.installation import main

    sys.exit(main(sys.argv[1:]))

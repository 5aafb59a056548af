"""`make bench ARGS="docking --sizes 1000 10000"` or `ARGS="fitting 10000"`: which measurements, then their own arguments."""

import sys

from bench import books, docking, fitting

BENCHES = {"books": books.main, "docking": docking.main, "fitting": fitting.main}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        sys.exit(f"which bench? {', '.join(BENCHES)}")
    BENCHES[sys.argv[1]](sys.argv[2:])

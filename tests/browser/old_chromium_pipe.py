"""Stand between Playwright and an old Chromium: give the world of Playwright's own scripts what that browser lacks.

Playwright starts this as the browser and speaks to it over descriptors 3 and 4, messages ended by a zero byte. They pass
through as they are but for one: the empty script with which Playwright opens its own world in each page. What is put
into it is for Playwright's eyes alone; the pages see the browser as it is.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

LACKING = "Element.prototype.checkVisibility ||= function () { return this.getClientRects().length > 0 };"
WORLD = b"__playwright_utility_world"
OPENS = b'"Page.addScriptToEvaluateOnNewDocument"'
TO_BROWSER, FROM_BROWSER = 3, 4
CHUNK = 1 << 16


def main(program: Path, arguments: list[str]) -> int:
    """Run the browser until it ends; its exit code."""
    its_input, our_output = os.pipe()
    our_input, its_output = os.pipe()
    child = os.fork()
    if child == 0:
        _become(program, arguments, its_input, its_output)
    os.close(its_input)
    os.close(its_output)
    threading.Thread(target=_requests, args=(our_output,), daemon=True).start()
    threading.Thread(target=_replies, args=(our_input,), daemon=True).start()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda number, _: os.kill(child, number))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(program: Path, arguments: list[str], its_input: int, its_output: int) -> None:
    reading, writing = os.dup(its_input), os.dup(its_output)
    os.dup2(reading, TO_BROWSER)
    os.dup2(writing, FROM_BROWSER)
    os.closerange(FROM_BROWSER + 1, max(its_input, its_output, reading, writing) + 1)
    os.environ["LD_LIBRARY_PATH"] = str(program.parent / "lib")
    os.execv(program, [str(program), *arguments])  # noqa: S606  # the browser's own arguments, no shell


def _requests(browser: int) -> None:
    rest = b""
    while chunk := os.read(TO_BROWSER, CHUNK):
        *messages, rest = (rest + chunk).split(b"\0")
        for message in messages:
            _write(browser, _mended(message) + b"\0")
    os.close(browser)


def _mended(message: bytes) -> bytes:
    if OPENS not in message or WORLD not in message:
        return message
    request = json.loads(message)
    request["params"]["source"] = LACKING + request["params"]["source"]
    return json.dumps(request).encode()


def _replies(browser: int) -> None:
    while chunk := os.read(browser, CHUNK):
        _write(FROM_BROWSER, chunk)
    os.close(FROM_BROWSER)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

"""Install Debian's Chromium, and a font with Chinese characters, where the browser tests find none."""

import os
import shutil
import subprocess
import sys

from server.local.messages import StartProblem, exit_with, step

PACKAGES = ["chromium", "fonts-noto-cjk"]


def main() -> int:
    """Install what is missing; the exit code."""
    try:
        if shutil.which("chromium") is None:
            install()
    except StartProblem as problem:
        return exit_with(problem)
    return 0


def install() -> None:
    """Install with apt-get, as root or with sudo.

    :raises StartProblem: no apt-get, no right to use it, or it failed.
    """
    advice = f"the browser tests need Chromium: on Debian `apt-get install {' '.join(PACKAGES)}`"
    if shutil.which("apt-get") is None:
        raise StartProblem(f"{advice}.")
    apt = ["apt-get", "-qq"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or subprocess.run(["sudo", "-n", "true"], check=False).returncode != 0:
            raise StartProblem(f"{advice} as root.")
        apt = ["sudo", "-n", *apt]
    with step("Chromium for the browser tests"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ([*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", *PACKAGES]):
            done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
            if done.returncode != 0:
                raise StartProblem(f"{advice} ({done.stderr.strip().splitlines()[-1]})")


if __name__ == "__main__":
    sys.exit(main())

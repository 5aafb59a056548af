"""Install from Debian's packages what tests need beside Python: Chromium with Chinese characters, and curl."""

import os
import shutil
import subprocess
import sys

from server.local.messages import StartProblem, exit_with, step

PACKAGES = {"chromium": ("chromium", "fonts-noto-cjk"), "curl": ("curl",)}
"""The packages of each program that is missing."""


def main() -> int:
    """Install what is missing; the exit code."""
    missing = [
        package for program, packages in PACKAGES.items() if shutil.which(program) is None for package in packages
    ]
    try:
        if missing:
            install(missing)
    except StartProblem as problem:
        return exit_with(problem)
    return 0


def install(packages: list[str]) -> None:
    """Install with apt-get, as root or with sudo.

    :raises StartProblem: no apt-get, no right to use it, or it failed.
    """
    names = " ".join(packages)
    advice = f"the tests need {names}: on Debian `apt-get install {names}`"
    if shutil.which("apt-get") is None:
        raise StartProblem(f"{advice}.")
    apt = ["apt-get", "-qq"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None or subprocess.run(["sudo", "-n", "true"], check=False).returncode != 0:
            raise StartProblem(f"{advice} as root.")
        apt = ["sudo", "-n", *apt]
    with step(f"for the tests: {names}"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ([*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", *packages]):
            done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
            if done.returncode != 0:
                raise StartProblem(f"{advice} ({done.stderr.strip().splitlines()[-1]})")


if __name__ == "__main__":
    sys.exit(main())

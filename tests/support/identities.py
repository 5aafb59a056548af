"""A real OpenID Connect provider on loopback, and a person who signs in there without a browser."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx2

from server.local.node import npm, path_with

FOLDER = Path(__file__).parents[1] / "accounts" / "provider"
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
PROMPT = re.compile(r'name="prompt" value="(\w+)"')


@dataclass(frozen=True)
class IdentityProvider:
    """A provider that runs; it tells the truth until it is told how to lie (tests/accounts/provider/provider.mjs)."""

    issuer: str

    async def lie(self, how: str) -> None:
        """From now on forge ID tokens in this way; `honest` ends it."""
        async with httpx2.AsyncClient() as client:
            (await client.post(f"{self.issuer}/as/{how}")).raise_for_status()

    async def visit(self, address: str, login: str, back: str) -> str:
        """What a person does who is sent to `address`: fill in the forms, until they are sent `back`; gives that address."""
        async with httpx2.AsyncClient() as browser:
            reply = await browser.get(address)
            for _ in range(12):
                if reply.has_redirect_location:
                    address = urljoin(address, reply.headers["location"])
                    if address.startswith(back):
                        return address
                    reply = await browser.get(address)
                    continue
                form, prompt = FORM.search(reply.text), PROMPT.search(reply.text)
                assert form and prompt, reply.text
                address = urljoin(address, form[1])
                filled = {"prompt": prompt[1]}
                if prompt[1] == "login":
                    filled |= {"login": login, "password": "any"}
                reply = await browser.post(address, data=filled)
        raise AssertionError(f"the provider never sent the browser back, last at {address}")


@contextmanager
def identity_provider(redirect_uri: str, signed_out_uri: str) -> Iterator[IdentityProvider]:
    """A provider as long as the tests run that need it; its packages are fetched the first time."""
    program = npm()
    environment = {**os.environ, **path_with(program)}
    if not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        subprocess.run([program, "ci", "--ignore-scripts", "--silent"], cwd=FOLDER, env=environment, check=True)
    command = ["node", "--no-warnings", str(FOLDER / "provider.mjs"), redirect_uri, signed_out_uri]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout
        try:
            yield IdentityProvider(process.stdout.readline().strip())
        finally:
            process.stdin.close()

"""What belongs to no domain: health, metrics, the description, the web client's files."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from server import pages
from server.operations import all_operations


@contextlib.asynccontextmanager
async def visitor(application: Starlette, host: str = "127.0.0.1") -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=application, client=(host, 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://jiedui.test") as client:
        yield client


async def test_it_is_alive_and_ready(application: Starlette) -> None:
    async with visitor(application) as client:
        assert (await client.get("/api/v1/health/live")).json() == {"status": "live"}
        assert (await client.get("/api/v1/health/ready")).json() == {"status": "ready"}


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 404), ("10.0.0.1", 404)])
async def test_metrics_are_for_the_machine_itself(application: Starlette, host: str, status: int) -> None:
    async with visitor(application, host) as client:
        await client.get("/api/v1/health/live")
        reply = await client.get("/metrics")
        assert reply.status_code == status
        assert ("jiedui_request_seconds" in reply.text) == (status == 200)


async def test_the_interface_describes_itself(application: Starlette) -> None:
    async with visitor(application) as client:
        document = (await client.get("/openapi.json")).json()
        assert document["openapi"].startswith("3.1")
        page = (await client.get("/api/docs")).text
        assert "http://" not in page and "https://" not in page, "a reference without outside requests"
        assert all(operation.path.split("{")[0] in page for operation in all_operations())


async def test_an_address_of_the_interface_that_is_not_there_is_a_problem(application: Starlette) -> None:
    async with visitor(application) as client:
        reply = await client.get("/api/v1/nowhere")
        assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("the page")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "app-1.js").write_text("code")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


async def test_every_address_is_answered_by_the_one_page_and_assets_are_kept(built: Path) -> None:
    async with visitor(Starlette(routes=pages.routes(built))) as client:
        for path in (
            "/",
            "/needs/7",
            "/secret.txt",
            "/a%00b",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "//etc/passwd",
        ):
            reply = await client.get(path)
            assert (reply.status_code, reply.text) == (200, "the page"), path
            assert reply.headers["cache-control"] == "no-cache"
        assert (await client.get("/favicon.svg")).text == "<svg/>"
        asset = await client.get("/assets/app-1.js")
        assert (asset.text, "immutable" in asset.headers["cache-control"]) == ("code", True)
        assert (await client.get("/assets/..%2f..%2fsecret.txt")).status_code == 404
        assert (await client.post("/")).status_code == 405


async def test_a_client_that_is_not_built_says_so(tmp_path: Path) -> None:
    async with visitor(Starlette(routes=pages.routes(tmp_path / "nothing"))) as client:
        reply = await client.get("/")
        assert (reply.status_code, reply.text) == (503, pages.NOT_BUILT)

"""Following and cancelling one's own jobs over HTTP."""

from server.accounts.actor import Actor
from server.activity import service as activity
from tests.factories.accounts import make_user
from tests.support.database import within
from tests.support.http import Api


async def test_whoever_started_a_job_follows_and_cancels_it_and_nobody_else(api: Api) -> None:
    owner = await make_user()
    job = await within(lambda uow: activity.start_job(uow, "run_docking"), Actor("user", owner.id))
    client, path = await api.signed_in(owner), f"/jobs/{job.id}"
    read = await client.get(path)
    assert read.status_code == 200, read.text
    assert (read.json()["status"], read.json()["progress"], read.json()["message"]) == ("queued", 0, None)
    stranger = await api.signed_in(await make_user())
    for reply in (await stranger.get(path), await stranger.post(f"{path}/cancel")):
        assert reply.status_code == 404
    assert (await api.anonymous().get(path)).status_code == 401
    assert (await client.post(f"{path}/cancel")).status_code == 200
    assert not await within(lambda uow: activity.report_progress(uow, job.id, 0.5))

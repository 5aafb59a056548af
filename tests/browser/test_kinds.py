"""Each kind of delivery in Chromium, from sending to what follows acceptance: half of them on a phone's width."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.kinds import COUNTY, GIVER, KINDS, Kind, Step, promise
from tests.browser.pages import DESKTOP, PHONE, widest
from tests.browser.person import Person
from tests.browser.stage import Stage
from tests.files.pictures import document, picture
from tests.support.live import Live

Sides = dict[int, tuple[Person, Person]]
TO_LOOK_AT: FilePayload = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture()}
TO_READ: FilePayload = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": document()}


@pytest.fixture(scope="module")
async def sides(browser: Browser, live: Live) -> AsyncIterator[Sides]:
    """A giver and a county in front of a screen, and the same two with a phone, signed in."""
    async with AsyncExitStack() as rooms:
        found: Sides = {}
        for width in (DESKTOP, PHONE):
            people = [await Person.at(browser, live.url, name, phone=width == PHONE) for name in (GIVER, COUNTY)]
            for person in people:
                rooms.push_async_callback(person.page.context.close)
                await person.signs_in()
            found[width] = (people[0], people[1])
        yield found


@pytest.mark.parametrize("kind", KINDS, ids=str)
async def test_giver_and_county_take_a_delivery_through(sides: Sides, live: Live, kind: Kind) -> None:
    stage, (giver, county) = Stage(live), sides[kind.width]
    need, pledge = promise(stage, kind)

    await giver.page.goto(f"/pledges/{pledge}")
    await _sends(giver, kind)
    for step in kind.given:
        await _records(giver, step)
    for sort, caption in kind.evidence:
        await _shows(giver, sort, caption)
    await giver.keeps(f"kind-{kind}-giver")
    delivery = giver.path.removeprefix("/deliveries/")

    await county.goes_to("今日")
    work = county.block("待我办理").get_by_role("listitem").filter(has_text=kind.title)
    await work.get_by_role("link").first.click()
    await county.sees_heading(kind.shown)
    for step in kind.received:
        await _records(county, step)
    await county.decides("验收", **kind.accepted)
    await county.sees_status("已验收")
    for step in kind.after:
        await _records(county, step)
    await county.keeps(f"kind-{kind}-county")

    assert await widest(county.page, kind.width) == []
    await _told(giver, kind)
    shown = stage.get(COUNTY, f"/deliveries/{delivery}")
    before = {
        step["kind"]: step["state"] for step in shown["steps"] if step["when"] != "may" and step["kind"] != "checked"
    }
    assert set(before.values()) == {"done"}, before
    assert {one["kind"] for one in shown["evidence"]} and shown["accepted"] == shown["declared"]
    assert stage.get(COUNTY, f"/needs/{need}")["coverage"]["accepted"] == shown["declared"]
    assert giver.faults + county.faults == []


async def _sends(giver: Person, kind: Kind) -> None:
    """Sends all that was promised, and opens what was sent."""
    await giver.presses("分批发出")
    await _fills(giver, kind.sent)
    await giver.presses("分批发出", giver.dialog)
    await expect(giver.dialog).to_have_count(0)
    await giver.block("落实情况").get_by_role("table").get_by_role("link").click()
    await giver.sees_heading(kind.shown)


async def _records(person: Person, step: Step) -> None:
    """Records a stage in its dialog, and reads it among those recorded."""
    name = f"登记{step.name}"
    before = await person.block("过程").get_by_text(step.name, exact=True).count()
    await person.presses(name)
    if step.checks:
        for item in await person.dialog.get_by_role("checkbox").all():
            await item.check()
    await _fills(person, step.fields)
    await person.presses(name, person.dialog)
    await expect(person.dialog).to_have_count(0)
    await expect(person.block("过程").get_by_text(step.name, exact=True)).to_have_count(before + 1)


async def _fills(person: Person, fields: dict[str, str]) -> None:
    """Fills in the open dialog."""
    for label, text in fields.items():
        field = person.field(label)
        is_list = await field.evaluate("node => node.tagName === 'SELECT'")
        await (field.select_option(label=text) if is_list else field.fill(text))


async def _shows(giver: Person, sort: str, caption: str) -> None:
    """Uploads a picture or a paper of a sort, with its caption."""
    await giver.chooses("材料种类", sort)
    await giver.fills("说明", caption)
    await giver.field("照片或 PDF").set_input_files(TO_LOOK_AT if "照片" in sort else TO_READ)
    await giver.presses("上传")
    await expect(giver.block("佐证材料").get_by_role("listitem").filter(has_text=caption)).to_be_visible()


async def _told(giver: Person, kind: Kind) -> None:
    """The giver, who has not touched the page, reads what the county has recorded."""
    await giver.sees_status("已验收")
    if any(step.fields.get("日期") for step in (*kind.given, *kind.received)):
        await expect(giver.block("过程").get_by_text("00:00")).to_have_count(0)  # nobody said the hour
    for step in (*kind.received, *kind.after):
        await expect(giver.block("过程").get_by_text(step.name, exact=True).first).to_be_visible()
    assert await widest(giver.page, kind.width) == []

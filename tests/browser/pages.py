"""Every page of the web client, by whom it is visited, and how a browser opens it in a language, a theme and a width."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.stage import Stage

ROUTES = Path(__file__).parents[2] / "frontend" / "src" / "app" / "routes.ts"
DESKTOP, PHONE = 1366, 390
HEIGHTS = {DESKTOP: 768, PHONE: 844}


class Look(NamedTuple):
    """In which form pages are shown; the width is in CSS pixels."""

    language: str
    theme: str
    width: int

    def __str__(self) -> str:
        return "-".join(map(str, self))


class Visit(NamedTuple):
    """One page as somebody sees it; `record` names the stage's record that the route's parameter stands for."""

    name: str
    route: str
    who: str = ""
    record: str = ""
    query: str = ""

    def address(self, stage: Stage) -> str:
        """The path, with the record's id in it, and the query."""
        return re.sub(r":\w+", lambda _: stage.records[self.record], self.route + self.query)


EVERYONE = ("clerk", "reviewer", "east", "enterprise", "coordinator", "supervisor", "admin")

VISITS = (
    Visit("sign-in", "/"),
    *(Visit(f"today-{who}", "/", who) for who in EVERYONE),
    Visit("needs", "/needs", "coordinator"),
    Visit("needs-own", "/needs", "clerk", query="?mine=true"),
    Visit("needs-empty", "/needs", "clerk", query="?q=zzz"),
    Visit("needs-import", "/needs/import", "clerk"),
    Visit("projects-import", "/projects/import", "clerk"),
    Visit("pledges-import", "/pledges/import", "clerk"),
    Visit("deliveries-import", "/deliveries/import", "east"),
    Visit("projects-import-rows", "/projects/import/:id", "clerk", "sheet of projects"),
    Visit("pledges-import-rows", "/pledges/import/:id", "clerk", "sheet of pledges"),
    Visit("deliveries-import-rows", "/deliveries/import/:id", "east", "sheet of deliveries"),
    Visit("needs-import-columns", "/needs/import/:id", "clerk", "sheet", "?step=columns"),
    Visit("needs-import-rows", "/needs/import/:id", "clerk", "sheet"),
    Visit("needs-import-new", "/needs/import/:id", "clerk", "sheet", "?tab=new"),
    Visit("need-new", "/needs/new", "clerk"),
    Visit("need-edit", "/needs/:id/edit", "clerk", "need draft"),
    Visit("need-draft", "/needs/:id", "clerk", "need draft"),
    Visit("need-review", "/needs/:id", "reviewer", "need under review"),
    Visit("need", "/needs/:id", "east", "need"),
    Visit("offers", "/offers", "coordinator"),
    Visit("offers-own", "/offers", "enterprise", query="?mine=true"),
    Visit("offers-import", "/offers/import", "enterprise"),
    Visit("offers-import-rows", "/offers/import/:id", "enterprise", "sheet of offers"),
    Visit("offer-new", "/offers/new", "enterprise"),
    Visit("offer-edit", "/offers/:id/edit", "east", "offer draft"),
    Visit("offer", "/offers/:id", "enterprise", "offer"),
    Visit("docking", "/docking", "coordinator"),
    Visit("docking-settings", "/docking/settings", "coordinator"),
    Visit("docking-workbench", "/docking/workbench", "coordinator"),
    Visit("docking-settings-read", "/docking/settings", "supervisor"),
    Visit("run", "/docking/runs/:id", "coordinator", "run"),
    Visit("run-needs", "/docking/runs/:id", "coordinator", "run", "?tab=needs"),
    Visit("run-offers", "/docking/runs/:id", "supervisor", "run", "?tab=offers"),
    Visit("run-map", "/docking/runs/:id", "coordinator", "run", "?tab=map"),
    Visit("run-counties", "/docking/runs/:id", "coordinator", "run", "?tab=counties"),
    Visit("run-compared", "/docking/runs/:id", "coordinator", "run", "?tab=compare"),
    Visit("suggestion", "/suggestions/:id", "coordinator", "suggestion"),
    Visit("proposals", "/proposals", "coordinator", query="?view=all"),
    Visit("proposals-mine", "/proposals", "enterprise", query="?view=mine"),
    Visit("proposals-empty", "/proposals", "clerk", query="?view=all&status=lapsed"),
    Visit("proposals-declines", "/proposals/decline-reasons", "coordinator"),
    Visit("proposals-declines-read", "/proposals/decline-reasons", "clerk"),
    Visit("pledges-calendar", "/pledges/calendar", "coordinator"),
    Visit("pledges-calendar-read", "/pledges/calendar", "clerk"),
    Visit("proposal", "/proposals/:id", "enterprise", "proposal"),
    Visit("proposal-county", "/proposals/:id", "clerk", "proposal"),
    Visit("pledges", "/pledges", "coordinator"),
    Visit("pledge-sums", "/pledges/sums", "coordinator"),
    Visit("pledge", "/pledges/:id", "east", "pledge"),
    Visit("pledge-unsigned", "/pledges/:id", "reviewer", "pledge unsigned"),
    Visit("delivery", "/deliveries/:id", "reviewer", "delivery"),
    Visit("delivery-sent", "/deliveries/:id", "reviewer", "delivery sent"),
    Visit("pairings", "/pairings", "coordinator"),
    Visit("pairing", "/pairings/:id", "east", "pairing"),
    Visit("agreements", "/agreements", "coordinator"),
    Visit("agreements-money", "/agreements", "east", query="?view=money"),
    Visit("agreements-list", "/agreements", "clerk", query="?view=agreements"),
    Visit("agreement", "/agreements/:id", "reviewer", "agreement"),
    Visit("agreement-draft", "/agreements/:id", "east", "agreement draft"),
    Visit("agreement-new", "/agreements/new", "east"),
    Visit("agreement-edit", "/agreements/:id/edit", "east", "agreement draft"),
    Visit("meeting", "/meetings/:id", "reviewer", "meeting"),
    Visit("meeting-new", "/meetings/new", "east"),
    Visit("meeting-edit", "/meetings/:id/edit", "east", "meeting called"),
    Visit("meeting-minutes", "/meetings/:id/record", "east", "meeting called"),
    Visit("secondment", "/secondments/:id", "reviewer", "secondment"),
    Visit("secondment-new", "/secondments/new", "east"),
    Visit("secondment-edit", "/secondments/:id/edit", "east", "secondment selected"),
    Visit("summary", "/summaries/:id", "east", "summary"),
    Visit("tasks", "/tasks", "coordinator"),
    Visit("tasks-empty", "/tasks", "east"),
    Visit("task", "/tasks/:id", "reviewer", "task"),
    Visit("task-under-way", "/tasks/:id", "clerk", "task under way"),
    Visit("pairing-of-unit", "/pairings/:id", "clerk", "pairing of a unit"),
    Visit("projects", "/projects", "clerk"),
    Visit("project-new", "/projects/new", "clerk"),
    Visit("project", "/projects/:id", "reviewer", "project"),
    Visit("project-edit", "/projects/:id/edit", "clerk", "project proposal"),
    Visit("integration", "/integration", "clerk"),
    Visit("integration-projects", "/integration", "coordinator", query="?by=project"),
    Visit("campaigns", "/campaigns", "enterprise"),
    Visit("campaign-new", "/campaigns/new", "coordinator"),
    Visit("campaign", "/campaigns/:id", "enterprise", "campaign"),
    Visit("campaign-consent", "/campaigns/:id", "reviewer", "campaign to consent"),
    Visit("campaign-edit", "/campaigns/:id/edit", "coordinator", "campaign draft"),
    Visit("inbox", "/inbox", "clerk"),
    Visit("inbox-empty", "/inbox", "admin"),
    Visit("overdue", "/overdue", "coordinator"),
    Visit("overdue-pairings", "/overdue/pairings", "coordinator"),
    Visit("overdue-meeting", "/overdue/meeting", "coordinator", query="?by=prefecture"),
    Visit("overdue-bulletin", "/overdue/bulletin", "coordinator"),
    Visit("board", "/board", "coordinator"),
    Visit("map", "/map", "coordinator"),
    Visit("ledger", "/ledger", "coordinator"),
    Visit("ledger-own", "/ledger", "east", query="?by=county"),
    Visit("ledger-lines", "/ledger", "coordinator", query="?view=lines"),
    Visit("ledger-pledge", "/ledger/pledges/:id", "reviewer", "pledge"),
    Visit("place", "/places/:code", "clerk", "place"),
    Visit("participant", "/participants/:id", "coordinator", "participant"),
    Visit("members", "/participants/:id/members", "enterprise", "participant"),
    Visit("contacts", "/participants/:id/contacts", "enterprise", "participant"),
    Visit("participants", "/participants", "coordinator", query="?status=applied"),
    Visit("participant-new", "/participants/new", "coordinator"),
    Visit("register", "/register"),
    Visit("forgotten", "/forgotten"),
    Visit("openid", "/sign-in/openid"),
    Visit("give", "/give/:id", record="need"),
    Visit("give-campaign", "/give/campaigns/:id", record="campaign"),
    Visit("certificate", "/certificates/:number", record="certificate"),
    Visit("given", "/given", "east"),
    Visit("given-code", "/given"),
    Visit("join", "/join", record="invitation", query="#:token"),
    Visit("join-signed-in", "/join", "clerk", "invitation", "#:token"),
    Visit("join-incomplete", "/join"),
    Visit("trail", "/audit", "coordinator"),
    Visit("alone", "/audit/alone", "coordinator"),
    Visit("users", "/admin/users", "admin"),
    Visit("user", "/admin/users/:id", "admin", "user"),
    Visit("me", "/me", "clerk"),
    Visit("nowhere", "/nowhere", "clerk"),
)


def uncovered() -> set[str]:
    """The client's routes that no visit opens."""
    return set(re.findall(r"\broute\('([^']+)'", ROUTES.read_text("utf-8"))) - {visit.route for visit in VISITS}


async def context_for(browser: Browser, stage: Stage, who: str, look: Look) -> BrowserContext:
    """A browser context in that look, signed in as `who`, whose profile says so too; nobody for an empty `who`."""
    phone = look.width == PHONE
    context = await browser.new_context(
        base_url=stage.live.url,
        locale=look.language,
        viewport={"width": look.width, "height": HEIGHTS[look.width]},
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
    )
    keep = f"localStorage['jiedui.language'] ??= '{look.language}'; localStorage['jiedui.theme'] ??= '{look.theme}'"
    await context.add_init_script(keep)
    if who:
        _dress(stage, who, look)
        jar = stage.client(who).cookies.jar
        await context.add_cookies([{"name": c.name, "value": c.value or "", "url": stage.live.url} for c in jar])
    return context


def undress(stage: Stage) -> None:
    """Put every profile back to how new accounts have it, and give up next year's draft: others go on with the same Jiedui."""
    stage.act("east", f"/agreements/{stage.records['agreement draft']}/withdraw", {"remark": "另行起草"})
    for who in stage.clients:
        _dress(stage, who, Look("zh-CN", "system", DESKTOP))


def _dress(stage: Stage, who: str, look: Look) -> None:
    client = stage.client(who)
    reply = client.get("/me")
    wanted = {"language": look.language, "theme": look.theme}
    if any(reply.json()[name] != value for name, value in wanted.items()):
        changed = client.patch("/me", json=wanted, headers={"If-Match": reply.headers["etag"]})
        changed.raise_for_status()


async def open_page(page: Page, address: str) -> None:
    """Go there and wait until all that the page fetches is shown: nothing loads for a moment."""
    await page.goto(address)
    await page.locator("main h1").first.wait_for()
    await page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 40))
          for (let quiet = 0; quiet < 4; quiet += 1) {
            if (document.querySelector('main .loading, main [aria-busy=true]')) quiet = -1
            await frame()
          }
        }"""
    )


async def widest(page: Page, width: int) -> list[str]:
    """What reaches beyond the width and makes the page scroll sideways; nothing where it does not scroll."""
    return await page.evaluate(
        """(width) => {
          if (document.documentElement.scrollWidth <= width) return []
          const scrolls = (node) => node && (getComputedStyle(node).overflowX !== 'visible' || scrolls(node.parentElement))
          return [...document.querySelectorAll('body *')]
            .filter((node) => node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement))
            .map((node) => `${node.tagName}.${node.className}: ${node.textContent.trim().slice(0, 40)}`)
        }""",
        width,
    )


def grouped(visits: Sequence[Visit]) -> dict[str, list[Visit]]:
    """Visits by who makes them, so that a profile is changed seldom."""
    by_person: dict[str, list[Visit]] = {}
    for visit in visits:
        by_person.setdefault(visit.who, []).append(visit)
    return by_person

"""Take a picture of every page in every language, theme and width into `build/screens`: `make screens`.

`python -m tests.browser.screens WORD…` takes only those whose file names have all the words, such as `need zh-CN 390`.
"""

import asyncio
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.async_api import Browser

from server.local.messages import StartProblem, exit_with, say
from tests.browser.chromium import chromium
from tests.browser.pages import DESKTOP, PHONE, VISITS, Look, Visit, context_for, grouped, open_page, uncovered, widest
from tests.browser.stage import Stage, set_stage
from tests.support.live import start_live

FOLDER = Path(__file__).parents[2] / "build" / "screens"
LOOKS = [Look(*each) for each in product(("zh-CN", "en"), ("light", "dark"), (DESKTOP, PHONE))]


def main(words: list[str]) -> int:
    """The exit code: 1 where a page was forgotten or scrolls sideways."""
    if missing := uncovered():
        return exit_with(StartProblem(f"no visit in tests/browser/pages.py opens {', '.join(sorted(missing))}"))
    with tempfile.TemporaryDirectory(prefix="jiedui-screens-") as folder:
        say("starting Jiedui with the demo scenario …")
        with start_live(Path(folder), web_processes=1) as live:
            return asyncio.run(take_all(set_stage(live), words))


async def take_all(stage: Stage, words: list[str]) -> int:
    """Take every picture whose name has all the words, one line a picture; the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrong = 0
    async with chromium() as browser:
        for look in LOOKS:
            wanted = [visit for visit in VISITS if all(word in picture(visit, look) for word in words)]
            for who, visits in grouped(wanted).items():
                wrong += await take(browser, stage, who, look, visits)
    say(f"pictures in {FOLDER.relative_to(FOLDER.parents[1])}, {wrong} pages too wide")
    return 1 if wrong else 0


async def take(browser: Browser, stage: Stage, who: str, look: Look, visits: list[Visit]) -> int:
    """Pictures of one person's pages in one look; gives how many scroll sideways."""
    wrong = 0
    context = await context_for(browser, stage, who, look)
    page = await context.new_page()
    for visit in visits:
        await open_page(page, visit.address(stage))
        file = FOLDER / picture(visit, look)
        await page.screenshot(path=file, full_page=True)
        too_wide = await widest(page, look.width)
        say("\n  too wide: ".join([file.name, *too_wide]))
        wrong += bool(too_wide)
    await context.close()
    return wrong


def picture(visit: Visit, look: Look) -> str:
    """The file name."""
    return f"{visit.name}--{look}.png"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

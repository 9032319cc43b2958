"""A real browser on the real service: `openmap demo` with its worker, on a port of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.quality import demo

OPEN, SOLVED = "ess-2017-11-16", "numeriques-2015-04-17"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the service answers, and the sign-in link of each role of each morning."""

    url: str
    links: dict[tuple[str, str], str]


@contextmanager
def demo_site(folder: Path, prepared: Path | None = None) -> Iterator[Site]:
    """A demonstration with its data in `folder`; it goes on with a copy of `prepared`, where one is given."""
    if prepared is not None:
        shutil.copytree(prepared, folder / demo.DATA)
    with demo.of_this_code(folder) as printed:
        url = demo.links(printed)[0].split("/accounts/")[0]
        yield Site(url, demo.links_by_role(printed))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration: imported, solved and published once, then copied for each site."""
    return demo.prepared_data(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demonstration that the stories of one module share."""
    with demo_site(tmp_path_factory.mktemp("demo"), prepared) as shared:
        yield shared


@pytest.fixture
def own_site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of one story alone."""
    with demo_site(tmp_path, prepared) as alone:
        yield alone


@pytest.fixture(scope="module")
def shared_contexts() -> dict[tuple[str, str], BrowserContext]:
    """The browsers that the stories of a module share, by morning and role."""
    return {}


@pytest.fixture(autouse=True)
def _windows_close_with_their_story(browser: Browser, shared_contexts: dict[Any, BrowserContext]) -> Iterator[None]:
    """A page left open would go on asking its site for news, and take the processor from the next story."""
    yield
    for context in browser.contexts:
        if context in shared_contexts.values():
            for page in context.pages:
                page.close()
        else:
            context.close()


@pytest.fixture(scope="module")
def signed_in(
    site: Site, browser: Browser, shared_contexts: dict[tuple[str, str], BrowserContext]
) -> Iterator[Callable[..., BrowserContext]]:
    """`signed_in(morning, role)`: that person's browser, opened once a module; links sign in once."""
    opened = shared_contexts

    def open_context(morning: str, role: str) -> BrowserContext:
        if (morning, role) not in opened:
            opened[morning, role] = context = new_context(browser, site)
            sign_in(context, site.links[morning, role]).close()
        return opened[morning, role]

    yield open_context
    for context in opened.values():
        context.close()


def new_context(browser: Browser, site: Site, **options: Any) -> BrowserContext:
    """A visitor's browser, in French, whose addresses are the site's."""
    return browser.new_context(base_url=site.url, locale="fr-FR", **options)


def sign_in(context: BrowserContext, link: str) -> Page:
    """Open a sign-in link, press its button, and stay on the page it leads to."""
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Entrer dans mon espace").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    return page


def newest_mail(page: Page, recipient: str) -> str:
    """The text of the last mail to `recipient`, read on the demonstration's mail page."""
    page.goto(f"/mails?to={recipient}")
    page.locator("main li a").first.click()
    return page.locator(".mail-preview").inner_text()

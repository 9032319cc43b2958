"""A profile is filled by keyboard alone, without JavaScript, on a telephone; the catalogue answers while one types."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import OPEN, Site, new_context

pytestmark = pytest.mark.browser
CATALOGUE = f"/events/{OPEN}/catalogue"


def reach(page: Page, control: Locator, *, limit: int = 90) -> None:
    """Move with Tab until `control` has the focus."""
    for _step in range(limit):
        if control.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control}: not reached in {limit} steps")


@pytest.fixture
def structure(browser: Browser, site: Site, signed_in: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """`structure(width=…, scripted=…)`: the page of someone who speaks for a structure of the open morning."""
    opened: list[BrowserContext] = []

    def open_page(*, width: int = 1280, scripted: bool = True) -> Page:
        state = signed_in(OPEN, "structure").storage_state()
        size = {"width": width, "height": 800}
        opened.append(new_context(browser, site, storage_state=state, java_script_enabled=scripted, viewport=size))
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize(("width", "scripted"), [(1280, True), (1280, False), (360, True), (360, False)])
def test_a_part_of_the_profile_is_filled_by_keyboard_alone(structure, width, scripted):
    page, written = structure(width=width, scripted=scripted), f"Ville de Pantin, tri, {width} {scripted}"
    page.goto(f"{CATALOGUE}/S006")
    reach(page, page.get_by_role("link", name="Modifier la fiche"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre fiche")
    reach(page, page.locator("#references a"))
    page.keyboard.press("Enter")
    field = page.get_by_label("Vos références")
    reach(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(written)
    reach(page, page.get_by_role("button", name="Enregistrer", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="C’est enregistré")).to_be_visible()
    expect(page.locator("#references")).to_contain_text(written)


def test_the_catalogue_answers_while_one_types_and_keeps_what_is_typed(structure):
    page = structure()
    page.goto(CATALOGUE)
    page.get_by_label("Chercher un nom, un mot").press_sequentially("GRAND paris")
    expect(page.locator(".catalogue-card")).to_have_count(1)
    expect(page.get_by_label("Chercher un nom, un mot")).to_be_focused()
    expect(page.get_by_label("Chercher un nom, un mot")).to_have_value("GRAND paris")
    assert "q=GRAND" in page.url
    page.get_by_role("link", name="Tout montrer").click()
    expect(page.locator(".catalogue-card")).to_have_count(20)


def test_the_catalogue_is_filtered_by_keyboard_without_scripts(structure):
    page = structure(width=360, scripted=False)
    page.goto(CATALOGUE)
    reach(page, page.get_by_label("Chercher un nom, un mot"))
    page.keyboard.type("velo")
    page.keyboard.press("Enter")
    expect(page.locator(".catalogue-count")).to_contain_text("sur")
    expect(page.get_by_role("link", name="enlever ce filtre")).to_have_count(1)

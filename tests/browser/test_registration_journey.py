"""From the public page to five ranked requests, on a telephone: with JavaScript and without, and without a mouse.

At each step axe finds nothing serious and nothing is wider than the screen.
"""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OPEN, new_context, newest_mail, sign_in

pytestmark = pytest.mark.browser

WORKSHOP, EMAIL, SIRET = "Atelier Horizon", "nora@atelier-horizon.fr", "732 829 320 00074"
PHONE = {"width": 360, "height": 740}
WANTED = ("B03", "B10", "B01", "B02", "B04")
MOST_TABS = 200
Doing = Callable[[Page, Locator, str], None]


@pytest.mark.parametrize("way", ["fingers", "without-javascript", "keyboard"])
def test_nora_registers_is_let_in_and_ranks_five_requests(browser, own_site, way):
    def person(role: str = "", **options: object) -> Page:
        context = new_context(browser, own_site, java_script_enabled=way != "without-javascript", **options)
        return sign_in(context, own_site.links[OPEN, role]) if role else context.new_page()

    nora = person(viewport=PHONE, reduced_motion="reduce")
    does = by_keyboard if way == "keyboard" else by_hand
    registers(nora, does)
    approves(person("organiser"))
    signs_in(nora, does)
    asks_for_five(nora, does)


def by_hand(_page: Page, target: Locator, text: str) -> None:
    """Touch a button or a box; write in a field; choose in a list."""
    if not text:
        target.click()
    elif target.evaluate("one => one.tagName") == "SELECT":
        target.select_option(text)
    else:
        target.fill(text)


def by_keyboard(page: Page, target: Locator, text: str) -> None:
    """Reach it with Tab, then type; Space ticks, Enter presses."""
    page.wait_for_load_state()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            break
    else:
        raise AssertionError(f"Tab never reaches {target}")
    kind = target.evaluate("one => one.type || one.tagName")
    if text:
        page.keyboard.type(text)
    elif kind == "checkbox":
        page.keyboard.press("Space")
    elif "/registrations" in page.url:
        with page.expect_navigation():  # as a click does by itself
            page.keyboard.press("Enter")
    else:
        page.keyboard.press("Enter")


def is_no_obstacle(page: Page) -> None:
    """What holds for each page of the journey, once its styles are there."""
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    if page.locator("[data-theme-switch]").is_hidden():
        return  # without JavaScript axe waits for ever
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == [], page.url


def goes_on(page: Page, does: Doing) -> None:
    does(page, page.get_by_role("button", name="Continuer"), "")


def registers(page: Page, does: Doing) -> None:
    page.goto(f"/events/{OPEN}/registrations")
    is_no_obstacle(page)
    does(page, page.get_by_role("link", name="Inscrire une structure"), "")
    does(page, page.locator("[name=siret]"), SIRET)
    does(page, page.get_by_role("button", name="Chercher ce SIRET"), "")
    expect(page.locator(".notice", has_text="nouveau ici")).to_be_visible()
    does(page, page.locator("[name=name]"), WORKSHOP)
    does(page, page.locator("[name=kind]"), "ESAT")
    does(page, page.locator("[name=departement]"), "93")
    is_no_obstacle(page)
    goes_on(page, does)
    goes_on(page, does)  # nothing written yet: each mistake is told
    expect(page.locator("#error-summary")).to_be_visible()
    is_no_obstacle(page)
    does(page, page.locator("[name=contact_name]"), "Nora Petit")
    does(page, page.locator("[name=email]"), EMAIL)
    does(page, page.locator("[name=phone]"), "0612345678")
    goes_on(page, does)
    is_no_obstacle(page)
    does(page, page.get_by_role("button", name="Revenir"), "")
    expect(page.locator("[name=phone]")).to_have_value("06 12 34 56 78")
    goes_on(page, does)
    does(page, page.locator("[name=sector]"), "Recyclage" if does is by_keyboard else "recycling")
    does(page, page.locator("[name=offer]"), "Réemploi de mobilier de bureau.")
    goes_on(page, does)
    is_no_obstacle(page)
    page.goto(page.url.replace("/questions", "/check"))
    expect(page.locator(".missing")).to_contain_text("Combien serez-vous")
    is_no_obstacle(page)
    does(page, page.locator(".missing > li > a").first, "")
    does(page, page.get_by_label("Combien serez-vous"), "2")
    goes_on(page, does)
    does(page, page.locator(".missing > li > a").first, "")
    does(page, page.locator("[name=consent_terms]"), "")
    is_no_obstacle(page)
    goes_on(page, does)
    is_no_obstacle(page)
    does(page, page.get_by_role("button", name="Envoyer l’inscription"), "")
    expect(page.locator("h1")).to_contain_text("est envoyée")
    is_no_obstacle(page)


def approves(page: Page) -> None:
    page.goto(f"/events/{OPEN}/registrations/review?q=Horizon")
    page.get_by_role("button", name=re.compile(f"^Valider.*{WORKSHOP}")).click()
    expect(page.locator(".flash").first).to_contain_text(WORKSHOP)


def signs_in(page: Page, does: Doing) -> None:
    page.goto("/accounts/sign-in")
    does(page, page.get_by_label("Votre adresse électronique"), EMAIL)
    does(page, page.get_by_role("button", name="Recevoir un lien"), "")
    page.wait_for_url(re.compile("/accounts/code"))
    found = re.search(r"\b\d{6}\b", newest_mail(page, EMAIL))
    assert found
    page.goto("/accounts/code")
    page.get_by_label("Code à six chiffres").fill(found.group())
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/my-space"))
    is_no_obstacle(page)


def asks_for_five(page: Page, does: Doing) -> None:
    ref = re.search(r"/registrations/(S\d+)|/requests/(S\d+)", page.content())
    assert ref
    page.goto(f"/events/{OPEN}/requests/{ref.group(1) or ref.group(2)}")
    is_no_obstacle(page)
    for number, desk in enumerate(WANTED, start=1):
        card = page.locator(f"#acheteur-{desk}")
        does(page, card.locator("summary").first, "")
        does(page, card.get_by_role("textbox").first, f"Équiper vos bureaux, {number}")
        does(page, card.get_by_role("button", name="Envoyer la demande"), "")
        expect(page.locator(".ranked__item")).to_have_count(number)
    last = page.locator(".ranked__item").nth(4).locator(".ranked__title").inner_text()
    does(page, page.locator(".ranked__item").nth(4).get_by_role("button", name=re.compile("^Monter")), "")
    expect(page.locator(".ranked__item").nth(3).locator(".ranked__title")).to_have_text(last)
    is_no_obstacle(page)

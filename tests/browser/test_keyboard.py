"""Without a mouse: a workshop registers, signs in by code, asks, reorders, a buyer answers, and a reviewer judges.

Every step is made of key presses; after each one the focus must be somewhere, and be seen.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OPEN, new_context, newest_mail, sign_in

pytestmark = pytest.mark.browser

EMAIL = "ines@atelier-lune.fr"
WORKSHOP = "Atelier Lune"
STEPS = (
    {"siret": "732 829 320 00074", "name": WORKSHOP, "kind": "ESAT", "departement": "93"},
    {"contact_name": "Inès Moreau", "email": EMAIL},
    {"sector": "Recyclage", "offer": "Mobilier de bureau en réemploi."},
    {"question_": "2"},
)
MOST_TABS = 120  # more than any page has stops
IS_SEEN = """() => {
  const held = document.activeElement;
  if (!held || held === document.body) return "nowhere";
  const style = getComputedStyle(held);
  const box = held.getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight || !box.width) return "out of sight: " + held.outerHTML.slice(0, 200);
  return style.outlineStyle === "none" || !parseFloat(style.outlineWidth)
    ? "without a ring: " + held.outerHTML.slice(0, 200) : "seen";
}"""


def test_the_whole_story_by_keyboard(browser, own_site):
    def person(role: str = "") -> Page:
        context = new_context(browser, own_site, reduced_motion="reduce")  # a focus is where it is, not on its way
        return sign_in(context, own_site.links[OPEN, role]) if role else context.new_page()

    ines = person()
    registers(ines)
    approves(person("organiser"))
    signs_in_by_code(ines)
    asks_for_two_desks_and_reorders(ines)
    answers(person("buyer"))
    judges(person("jury"))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus; every stop on the way must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(IS_SEEN) == "seen"
        if target.evaluate("found => found === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    page.wait_for_load_state()
    tab_to(page, target)
    page.keyboard.press(key)


def keeps_the_focus(page: Page, target: Locator) -> None:
    """After htmx has drawn a part again, the focus is where it was, and is seen."""
    expect(page.locator(".htmx-request, .htmx-added, .htmx-settling")).to_have_count(0)
    expect(target).to_be_focused()
    assert page.evaluate(IS_SEEN) == "seen"


def skips_to_the_content(page: Page) -> None:
    """The first stop of a page leads past its head."""
    page.keyboard.press("Tab")
    assert page.evaluate(IS_SEEN) == "seen"
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def turns_the_page(page: Page, button: str) -> None:
    """Press a button and wait for what it opens: a key does not, as a click does."""
    with page.expect_navigation():
        press(page, page.get_by_role("button", name=button))


def registers(page: Page) -> None:
    page.goto(f"/events/{OPEN}/registrations/structure")
    skips_to_the_content(page)
    for number, answers in enumerate(STEPS, start=1):
        expect(page.locator(".step-trail__now")).to_contain_text(f"Étape {number} sur 6")
        page.wait_for_load_state()  # the way to the content is kept from page to page, and takes the focus at the end
        for name, text in answers.items():
            tab_to(page, page.locator(f"main [name^={name}]").first)
            page.keyboard.type(text)
        turns_the_page(page, "Continuer")
    press(page, page.get_by_label(re.compile("J’accepte que l’organisateur")), "Space")
    turns_the_page(page, "Continuer")
    turns_the_page(page, "Envoyer l’inscription")
    expect(page).to_have_title(re.compile("^Inscription envoyée"))


def approves(page: Page) -> None:
    page.goto(f"/events/{OPEN}/registrations/review?q=Atelier+Lune")
    press(page, page.get_by_role("button", name=re.compile(f"^Valider.*{WORKSHOP}")))
    expect(page.locator(".flash")).to_contain_text(WORKSHOP)


def signs_in_by_code(page: Page) -> None:
    page.goto("/accounts/sign-in")
    skips_to_the_content(page)
    tab_to(page, page.get_by_label("Votre adresse électronique"))
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/code"))
    found = re.search(r"\b\d{6}\b", newest_mail(page, EMAIL))
    assert found
    page.goto("/accounts/code")
    expect(page.get_by_label("Code à six chiffres")).to_be_focused()
    page.keyboard.type(found.group())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Inès Moreau")


def asks_for_two_desks_and_reorders(page: Page) -> None:
    press(page, page.get_by_role("link", name="Choisir mes rendez-vous").first)
    expect(page.locator("h1")).to_have_text("Choisir mes rendez-vous")
    for ref in ("B03", "B10"):
        card = page.locator(f"#acheteur-{ref}")
        press(page, card.locator("summary"))
        tab_to(page, card.get_by_role("textbox"))
        page.keyboard.type("Équiper vos bureaux en mobilier réemployé")
        press(page, card.get_by_role("button", name="Envoyer la demande"))
        expect(card).to_contain_text("Dans votre liste")
    items = page.locator(".ranked__item")
    second = items.nth(1).locator(".ranked__title").inner_text()
    press(page, items.nth(1).get_by_role("button", name=re.compile("^Monter")))
    expect(items.nth(0).locator(".ranked__title")).to_have_text(second)
    keeps_the_focus(page, items.nth(0).get_by_role("button", name=re.compile("^Monter")))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # down again: the focus is still in the list
    expect(items.nth(1).locator(".ranked__title")).to_have_text(second)
    keeps_the_focus(page, items.nth(1).get_by_role("button", name=re.compile("^Descendre")))


def answers(page: Page) -> None:
    page.goto(f"/events/{OPEN}/desks/B03/requests?show=sent")
    cards = page.locator(".answer-card")
    page.keyboard.press("j")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("p")
    expect(cards.nth(1)).to_contain_text("Vous souhaitez ce rendez-vous")
    keeps_the_focus(page, cards.nth(1))
    press(page, cards.nth(1).get_by_role("button", name=re.compile("^Annuler ma réponse")))
    expect(cards.nth(1)).to_contain_text("À répondre")
    keeps_the_focus(page, cards.nth(1))
    page.keyboard.press("d")  # unfolds the reasons, the first of which takes the focus
    expect(cards.nth(1).get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(cards.nth(1)).to_contain_text("Vous déclinez")
    expect(cards.nth(1)).to_contain_text("Un marché est déjà en cours pour cela")
    keeps_the_focus(page, cards.nth(1))


def judges(page: Page) -> None:
    """A reviewer scores a file with digits, from one scale to the next, gives the review, and skips a file with N."""
    page.goto(f"/events/{OPEN}/jury")
    with page.expect_navigation():
        press(page, page.get_by_role("link", name="Lire le prochain"))
    scales = page.locator("[data-jury-scale]")
    tab_to(page, scales.first.locator("input").first)
    values = ("4", "2", "5")
    for digit in values:
        page.keyboard.press(digit)
    for number, digit in enumerate(values):
        expect(scales.nth(number).locator("input:checked")).to_have_value(digit)
    turns_the_page(page, "Donner mon avis")
    expect(page.get_by_text("Votre avis est donné")).to_be_visible()
    tab_to(page, page.get_by_label("Un mot au jury"))
    page.keyboard.type("N’hésitez pas : 3 clients")  # neither letters nor digits are keys where one writes
    expect(scales.first.locator("input:checked")).to_have_count(0)
    page.keyboard.press("Tab")
    here = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda address: address != here)

"""A morning from end to end in a real browser, with JavaScript and without: the main job of the service.

Amina registers her workshop, the organiser lets her in, she asks for two desks, one of them prefers her, the organiser
computes and publishes the schedule, and Amina reads it in her mail, on her phone and in her calendar.
"""

import re
import time

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.conftest import OPEN, new_context, newest_mail, sign_in

pytestmark = pytest.mark.browser

EMAIL = "amina@atelier-soleil.fr"
WORKSHOP = "Atelier Soleil"
SIRET = "732 829 320 00074"
WANTED = ("B10", "B03")  # the second becomes the first
SOLVED_WITHIN_S = 60


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_amina_gets_a_meeting_and_carries_it_in_her_pocket(browser, own_site, javascript):
    def person(role: str = "") -> Page:
        context = new_context(browser, own_site, java_script_enabled=javascript)
        return sign_in(context, own_site.links[OPEN, role]) if role else context.new_page()

    amina, organiser = person(), person("organiser")
    registers(amina)
    approves(organiser)
    signs_in_by_code(amina)
    asks_for_two_desks_and_reorders(amina)
    prefers_amina(person("buyer"))
    solves_and_publishes(organiser, javascript=javascript)
    carries_her_programme(amina)


def registers(page: Page) -> None:
    page.goto(f"/events/{OPEN}")
    page.get_by_role("link", name="S’inscrire").first.click()
    page.locator("main").get_by_role("link", name=re.compile("structure", re.IGNORECASE)).first.click()
    page.get_by_label("Numéro SIRET").fill("732 829 320 00075")
    page.get_by_label("Nom de la structure").fill(WORKSHOP)
    page.get_by_label("Type de structure").select_option("ESAT")
    page.get_by_label("Département").select_option("93")
    goes_on(page)
    expect(page.locator("#error-summary")).to_contain_text("SIRET")
    expect(page.get_by_label("Nom de la structure")).to_have_value(WORKSHOP)
    page.get_by_label("Numéro SIRET").fill(SIRET)
    goes_on(page)
    page.get_by_label("Votre prénom et votre nom").fill("Amina Diallo")
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    goes_on(page)
    page.get_by_label("Secteur").select_option("recycling")
    page.get_by_label("Ce que vous proposez").fill("Réemploi de mobilier de bureau, collecte comprise.")
    goes_on(page)
    page.get_by_label("Combien serez-vous").fill("2")
    goes_on(page)
    page.get_by_label(re.compile("J’accepte que l’organisateur")).check()
    goes_on(page)
    page.get_by_role("button", name="Envoyer l’inscription").click()
    expect(page.locator("h1")).to_contain_text("est envoyée")
    assert WORKSHOP in newest_mail(page, EMAIL)


def goes_on(page: Page) -> None:
    page.get_by_role("button", name="Continuer").click()


def approves(page: Page) -> None:
    page.goto(f"/events/{OPEN}/registrations/review?q={WORKSHOP}")
    page.get_by_role("button", name=re.compile(f"^Valider.*{WORKSHOP}")).click()
    expect(page.locator(".flash")).to_contain_text(WORKSHOP)


def signs_in_by_code(page: Page) -> None:
    page.goto("/accounts/sign-in")
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    page.get_by_role("button", name="Recevoir un lien").click()
    found = re.search(r"\b\d{6}\b", newest_mail(page, EMAIL))
    assert found
    page.goto("/accounts/code")
    page.get_by_label("Code à six chiffres").fill(found.group())
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator("h1")).to_contain_text("Amina Diallo")


def asks_for_two_desks_and_reorders(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Choisir|Demander")).first.click()
    for ref in WANTED:
        card = page.locator(f"#acheteur-{ref}")
        card.locator("summary").click()
        card.get_by_role("textbox").fill("Équiper vos bureaux en mobilier réemployé")
        card.get_by_role("button", name="Envoyer la demande").click()
        expect(page.locator(f"#acheteur-{ref}")).to_contain_text("Dans votre liste")
    items = page.locator(".ranked__item")
    expect(items).to_have_count(2)
    second = items.nth(1).locator(".ranked__title").inner_text()
    items.nth(1).get_by_role("button", name=re.compile("Monter")).click()
    expect(items.nth(0)).to_contain_text(second.splitlines()[0])


def prefers_amina(page: Page) -> None:
    page.goto(f"/events/{OPEN}/desks/B03/requests")
    card = page.locator(".answer-card", has_text=WORKSHOP)
    expect(card).to_contain_text("mobilier réemployé")
    card.get_by_role("button", name=re.compile("Souhaiter")).click()
    expect(page.locator(".answer-card", has_text=WORKSHOP)).to_contain_text(re.compile("souhaitez", re.IGNORECASE))


def solves_and_publishes(page: Page, *, javascript: bool) -> None:
    page.goto(f"/events/{OPEN}/allocation")
    page.get_by_label(re.compile("10 secondes")).check()
    page.get_by_role("button", name="Lancer le calcul").click()
    page.wait_for_url(re.compile(r"/allocation/\d+"))
    if javascript:
        expect(page.locator(".schedule")).to_be_visible(timeout=SOLVED_WITHIN_S * 1000)
    else:
        refreshes_until_solved(page)
    expect(page.locator(".headline")).to_contain_text("prouvé")
    page.get_by_role("link", name="Préparer la publication").first.click()
    page.get_by_label("Nom du participant").fill(WORKSHOP)
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("main")).to_contain_text(EMAIL)
    page.get_by_role("button", name=re.compile("Publier")).click()
    expect(page.locator(".flash")).to_contain_text("version 1")


def refreshes_until_solved(page: Page) -> None:
    deadline = time.monotonic() + SOLVED_WITHIN_S
    while not page.locator(".schedule").is_visible():
        assert time.monotonic() < deadline, "no proposal yet"
        page.get_by_role("link", name="Actualiser").click()


def carries_her_programme(page: Page) -> None:
    programme = newest_mail(page, EMAIL)
    assert "table 3" in programme.lower()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/my-space")
    page.get_by_role("link", name="Ouvrir mon agenda").last.click()
    expect(page.locator(".agenda-item", has_text="Val-de-Marne").first).to_contain_text("3")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"\.ics")).first.click()
    meetings = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert any("Val-de-Marne" in str(meeting["SUMMARY"]) for meeting in meetings)
    page.get_by_role("button", name=re.compile("Créer mon adresse")).click()
    address = page.get_by_label("Votre adresse secrète").input_value()
    assert page.request.get(address).status == 200
    page.get_by_role("button", name=re.compile("Fermer cette adresse")).click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button", name="Oui, continuer").click()
    expect(page.get_by_role("button", name=re.compile("Créer mon adresse"))).to_be_visible()
    assert page.request.get(address).status == 404

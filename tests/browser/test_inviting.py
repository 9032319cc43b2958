"""From a pasted list to a registration that is begun: on a telephone, without JavaScript, without an obstacle."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OPEN, new_context, newest_mail

pytestmark = pytest.mark.browser

NARROW = {"width": 360, "height": 800}
LINK = re.compile(r"/invitations/[\w-]+")


def is_no_obstacle(page: Page) -> None:
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")  # a click waits for neither styles nor typeface
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
    found = Axe().run(page).response["violations"]
    serious = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}]
    assert not serious, f"{page.url}: {serious}"


def paste(page: Page, lines: str) -> None:
    page.goto(f"/manage/{OPEN}/invitations/new/paste")
    page.get_by_label("Une personne par ligne").fill(lines)
    page.get_by_role("button", name="Continuer").click()


def on_a_telephone(signed_in) -> Page:
    page = signed_in(OPEN, "organiser").new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return page


def test_a_list_is_corrected_and_sent_and_the_guest_begins_where_it_ends(browser, site, signed_in):
    page = on_a_telephone(signed_in)
    paste(page, "E-mail;Organisme;Contact\npas-une-adresse;Le Fil;Chloé Martin")
    expect(page.get_by_text("1 ligne à corriger")).to_be_visible()
    is_no_obstacle(page)
    paste(page, "E-mail;Organisme;Contact\nchloe@lefil.example;Le Fil;Chloé Martin")
    is_no_obstacle(page)
    page.get_by_label("Votre mot").fill("Votre collecte de textile intéresse nos acheteurs.")
    page.get_by_role("button", name="Envoyer 1 invitation").click()
    expect(page.get_by_text("1 invitation part")).to_be_visible()
    mail = newest_mail(page, "chloe@lefil.example")
    assert "Votre collecte de textile" in mail
    found = LINK.search(mail)
    assert found

    guest = new_context(browser, site, viewport=NARROW, java_script_enabled=False)
    there = guest.new_page()
    there.goto(found.group())
    expect(there.get_by_text("Chloé Martin, voici votre invitation")).to_be_visible()
    there.get_by_role("button", name="Je m’inscris").click()
    expect(there.get_by_label("Nom de la structure")).to_have_value("Le Fil")
    there.goto(f"{found.group()}/decline")
    there.get_by_role("button", name="Je ne viendrai pas").click()
    expect(there.get_by_text("merci de votre réponse")).to_be_visible()
    guest.close()

    looking = new_context(browser, site, viewport=NARROW)
    look = looking.new_page()
    for path in (found.group(), f"{found.group()}/decline"):
        look.goto(path)
        is_no_obstacle(look)
    looking.close()
    page.goto(f"/manage/{OPEN}/invitations?q=lefil")
    expect(page.get_by_role("cell", name="Ne viendra pas")).to_be_visible()
    page.close()


def test_two_organisations_are_compared_and_contacts_handed_over_without_an_obstacle(signed_in):
    page = on_a_telephone(signed_in)
    page.goto("/manage/duplicates")
    page.get_by_role("link", name="Garder celui-ci").first.click()
    expect(page.get_by_role("button", name="Réunir les deux organismes")).to_be_visible()
    is_no_obstacle(page)
    page.goto("/manage/organisations?q=commercial")
    page.get_by_role("link", name="Contacts").first.click()
    is_no_obstacle(page)
    for door in ("Changer ses rôles", "Ne fait plus partie de l’organisme…"):
        page.get_by_role("link", name=door).nth(1).click()
        is_no_obstacle(page)
        page.go_back()
    page.close()

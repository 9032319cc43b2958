"""Needs without a mouse; a facilitator for a workshop; an organiser at the telephone; a draft resumed from its mail."""

import re
import time
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from openmap.config import Config
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from tests.browser.conftest import OPEN, Site, new_context, newest_mail
from tests.browser.test_keyboard import press, skips_to_the_content, tab_to, turns_the_page
from tests.factories import build_event
from tests.processes import served
from tests.servers import SmtpServer

pytestmark = pytest.mark.browser

FACILITATOR = "partenaire2@exemple.fr"
SHEET = (
    "Référence;Objet;Secteur;Type de prestation;Trimestre\r\n"
    "B-1;Broyage de palettes;Collecte et traitement des déchets;Prestation de service;T4 2018\r\n"
)
SECONDS_A_CALL = 20  # on a busy machine; a person takes longer to say it


def signs_in(page: Page, email: str) -> None:
    """Ask for a link, read it on the demonstration's page of mails, press its button."""
    page.goto("/accounts/sign-in")
    page.get_by_label("Votre adresse électronique").fill(email)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/accounts/code"))
    code = re.search(r"\b\d{6}\b", newest_mail(page, email))
    assert code
    page.goto("/accounts/code")
    page.get_by_label("Code à six chiffres").fill(code.group())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/" not in address)


def test_a_buyer_enters_a_need_and_imports_a_sheet_by_keyboard(signed_in, tmp_path: Path) -> None:
    page: Page = signed_in(OPEN, "buyer").new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/roadmaps/mine")  # of a single body: its own
    with page.expect_navigation():
        press(page, page.get_by_role("link", name="Ajouter un besoin").first)
    for name, typed in {"title": "Lavage de blouses", "sector": "Hygiène", "service": "Prestation"}.items():
        tab_to(page, page.locator(f"main [name={name}]"))
        page.keyboard.type(typed)
    tab_to(page, page.locator("main [name=quarter]"))
    page.keyboard.press("ArrowDown")
    turns_the_page(page, "Publier le besoin")
    expect(page.locator(".own-needs")).to_contain_text("Lavage de blouses")
    with page.expect_navigation():
        press(page, page.get_by_role("link", name="Importer un tableau").first)
    sheet = tmp_path / "besoins.csv"
    sheet.write_text(SHEET, encoding="utf-8-sig")
    tab_to(page, page.locator("main [name=file]"))
    page.locator("main [name=file]").set_input_files(sheet)  # the system's own window is no page of ours
    turns_the_page(page, "Envoyer le fichier")
    expect(page.locator("main")).to_contain_text("Broyage de palettes")
    skips_to_the_content(page)
    turns_the_page(page, "Enregistrer 1 besoin")
    expect(page.locator(".own-needs")).to_contain_text("Broyage de palettes")


def test_an_organiser_notes_a_call_in_seconds_by_keyboard_alone(signed_in) -> None:
    page: Page = signed_in(OPEN, "organiser").new_page()
    page.goto(f"/manage/{OPEN}/telephone")
    for who, line in (("S011", "B1 B2"), ("B01", "S011+")):
        began = time.monotonic()
        expect(page.locator("main [name=q]")).to_be_focused()
        page.keyboard.type(who)
        page.keyboard.press("Enter")
        expect(page.locator("main [name=line]")).to_be_focused()
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator(".notice", has_text="enregistrée")).to_be_visible()
        assert time.monotonic() - began < SECONDS_A_CALL
        page.goto(f"/manage/{OPEN}/telephone")
    page.goto(f"/manage/{OPEN}/telephone/S011")
    expect(page.locator(".request", has_text="B01")).to_contain_text("souhaite")


def test_a_facilitator_asks_to_act_is_accepted_and_asks_for_a_meeting(site: Site, browser: Browser, signed_in) -> None:
    fanny, structure = new_context(browser, site).new_page(), signed_in(OPEN, "structure").new_page()
    structure.goto("/my-space")
    own = structure.get_by_role("link", name="Qui agit pour nous").get_attribute("href")
    signs_in(fanny, FACILITATOR)
    fanny.goto("/my-space")
    fanny.get_by_role("link", name="Mes structures").first.click()
    organiser = signed_in(OPEN, "organiser").new_page()
    organiser.goto(f"/events/{OPEN}/registrations/review?q=S006")
    siret = re.search(r"\d{3}\s\d{3}\s\d{3}\s\d{5}", organiser.locator("main").inner_text())
    assert siret
    fanny.get_by_label(re.compile("SIRET")).fill(siret.group())
    fanny.get_by_role("button", name="Envoyer la demande").click()
    expect(fanny.locator("main")).to_contain_text("En attente de sa réponse")
    structure.goto(own)
    structure.get_by_role("button", name=re.compile("Accepter|Laisser agir")).first.click()
    fanny.reload()
    fanny.get_by_role("link", name=re.compile("Choisir ses rendez-vous")).click()
    expect(fanny.locator(".notice", has_text="Vous agissez pour")).to_be_visible()
    expect(structure.locator(".notice", has_text="Vous agissez pour")).to_have_count(0)
    card = fanny.locator("[id^=acheteur-]").filter(has_not=fanny.locator(".badge", has_text="Dans votre liste")).first
    card.locator("summary").first.click()
    card.get_by_role("textbox").first.fill("Visiter votre atelier")
    card.get_by_role("button", name="Envoyer la demande").click()
    expect(fanny.locator(".ranked")).to_contain_text("Visiter votre atelier")


@pytest.fixture
def open_morning(app: Flask, config: Config) -> Path:
    """The data of a service with one morning that is open for registration."""
    with unit_of_work():
        build_event(at=now(), slug="matinale")
    return config.data_dir


def test_a_draft_is_resumed_elsewhere_from_the_link_that_was_mailed(
    open_morning: Path, browser: Browser, smtp_server: SmtpServer
) -> None:
    settings = {"OPENMAP_MAIL_DELIVERY": "smtp", "OPENMAP_SMTP_PORT": str(smtp_server.port)}
    with served(open_morning, **settings) as site:
        office = browser.new_page(base_url=f"http://127.0.0.1:{site.port}")
        office.goto("/events/matinale/registrations/structure")
        for name, text in {"siret": "732 829 320 00074", "name": "Atelier Horizon"}.items():
            office.locator(f"[name={name}]").fill(text)
        office.locator("[name=kind]").select_option("ESAT")
        office.locator("[name=departement]").select_option("93")
        office.get_by_role("button", name="Continuer").click()
        office.locator("[name=contact_name]").fill("Nora Petit")
        office.locator("[name=email]").fill("nora@atelier-horizon.fr")
        office.get_by_role("button", name="Finir plus tard").click()
        office.get_by_role("button", name="Recevoir le lien").click()
        expect(office.locator(".flash")).to_contain_text("nora@atelier-horizon.fr")
        [mail] = smtp_server.wait_for(1, timeout_s=60)
        written = mail.get_body(("plain",))
        assert written is not None
        link = re.search(r"/events/matinale/registrations/resume/\S+", written.get_content())
        assert link
        home = browser.new_page(base_url=f"http://127.0.0.1:{site.port}", viewport={"width": 360, "height": 740})
        home.goto(link.group())
        if home.locator("form button").filter(has_text="Reprendre").count():
            home.get_by_role("button", name=re.compile("Reprendre")).click()
        home.goto(home.url.rsplit("/", 1)[0] + "/contact")
        expect(home.locator("[name=contact_name]")).to_have_value("Nora Petit")
        office.close()
        home.close()

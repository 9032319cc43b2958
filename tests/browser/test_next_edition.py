"""An organiser prepares the next morning in a browser: dates seen, draft corrected, published, people told."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OPEN, new_context, newest_mail, sign_in

pytestmark = pytest.mark.browser


def test_the_next_morning_from_the_last_one_to_the_mail(own_site, browser):
    visitor = new_context(browser, own_site).new_page()
    visitor.goto("/series/openmap-ess")
    visitor.get_by_label("Votre adresse électronique").fill("atelier@batir.example")
    visitor.get_by_role("button", name="Me prévenir").click()
    expect(visitor.get_by_role("status")).to_contain_text("atelier@batir.example")
    link = newest_mail(visitor, "atelier@batir.example").split("/next-editions/confirm/")[1].split()[0]
    visitor.goto(f"/next-editions/confirm/{link}")
    visitor.get_by_role("button", name="Oui, prévenez-moi").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("C’est confirmé")

    olga = sign_in(new_context(browser, own_site), own_site.links[OPEN, "organiser"])
    olga.goto(f"/manage/{OPEN}")
    olga.get_by_role("link", name="Préparer la prochaine").click()
    olga.get_by_label("Titre").fill("4e OpenMap ESS : bâtiment")
    olga.get_by_label("Jour (obligatoire)").fill("2018-11-15")
    olga.get_by_label("Secteur").select_option("construction")
    olga.get_by_role("button", name="Revoir les dates").click()
    expect(olga.locator(".series-dates")).to_contain_text("mercredi 7 novembre 2018")
    expect(olga.get_by_label("Titre")).to_have_value("4e OpenMap ESS : bâtiment")
    olga.get_by_role("button", name="Créer le brouillon").click()
    expect(olga.get_by_role("heading", level=1)).to_have_text("Réglages de la matinale")

    visitor.goto("/events/ess-2018-11-15")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("n’existe pas")
    olga.get_by_label("Lieu (obligatoire)").fill("Halle des bâtisseurs")
    olga.get_by_role("button", name="Enregistrer les réglages").click()
    expect(olga.get_by_role("status")).to_contain_text("enregistrés")
    expect(olga.get_by_label("Lieu (obligatoire)")).to_have_value("Halle des bâtisseurs")
    olga.get_by_role("button", name="Publier la matinale").click()
    olga.get_by_role("button", name="Oui, continuer").click()
    olga.get_by_role("button", name="Envoyer").click()
    expect(olga.get_by_role("status")).to_contain_text("courriel")
    assert "Halle des bâtisseurs" in newest_mail(visitor, "atelier@batir.example")
    visitor.goto("/events/ess-2018-11-15")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("bâtiment")

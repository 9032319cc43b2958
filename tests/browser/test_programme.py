"""A buyer joins a workshop: the organiser reads what it costs, confirms, and the next run keeps the buyer free then."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import OPEN, SOLVED, new_context, sign_in

pytestmark = pytest.mark.browser


def obstacles(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


def test_a_panellist_with_meetings_is_confirmed_after_its_cost_and_meets_nobody_then(browser, own_site):
    context = new_context(browser, own_site)
    page = sign_in(context, own_site.links[SOLVED, "organiser"])
    page.goto(f"/manage/{SOLVED}/programme")
    page.locator(".programme-line", has_text="Répondre à un marché réservé").get_by_role("link").first.click()
    page.get_by_label("Nom ou numéro du participant").fill("B02")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Choisir").click()
    page.get_by_role("button", name="Mettre au programme").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce changement touche des rendez-vous")
    expect(page.locator(".headline__proof")).to_contain_text("Prouvé")
    assert obstacles(page) == []
    page.get_by_role("button", name="Confirmer ce changement").click()
    expect(page.get_by_role("status").first).to_contain_text("C’est noté au programme")
    page.goto(f"/manage/{SOLVED}/programme")
    expect(page.locator(".conflict-list")).to_contain_text("a un rendez-vous publié")
    page.goto(f"/events/{SOLVED}/allocation")
    page.get_by_label("10 secondes").check()
    page.get_by_role("button", name="Lancer le calcul").click()
    row = page.locator("tr", has=page.locator(".slot--unavailable"), has_text="Communication").first
    row.wait_for(timeout=120_000)
    assert row.locator(".slot--unavailable").count() == 2
    context.close()


def test_the_remote_of_a_phone_rules_the_screen_of_the_room(browser, site, signed_in):
    remote = signed_in(SOLVED, "organiser").new_page()
    remote.set_viewport_size({"width": 360, "height": 740})
    remote.goto(f"/manage/{SOLVED}/stage")
    remote.get_by_role("button", name="Lancer").first.click()
    assert obstacles(remote) == []
    screen = new_context(browser, site).new_page()
    screen.goto(f"/events/{SOLVED}/screen")
    expect(screen.get_by_role("timer")).to_be_visible()
    remote.get_by_role("button", name="Pause").click()
    expect(screen.locator("[data-timer-word]")).to_have_text("En pause", timeout=10_000)
    assert obstacles(screen) == []


def test_keys_rule_the_timer_and_the_screen_counts_on_without_network(browser, site, signed_in):
    remote = signed_in(SOLVED, "organiser").new_page()
    remote.goto(f"/manage/{SOLVED}/stage")
    room = new_context(browser, site, reduced_motion="reduce")
    screen = room.new_page()
    screen.goto(f"/events/{SOLVED}/screen")
    remote.keyboard.press("s")  # the first key has the focus
    expect(screen.locator("[data-timer-word]")).to_have_text("Temps restant", timeout=15_000)
    room.set_offline(True)
    expect(screen.get_by_text("Connexion perdue")).to_be_visible(timeout=15_000)
    figures = screen.get_by_role("timer").inner_text()
    expect(screen.get_by_role("timer")).not_to_have_text(figures)
    remote.keyboard.press("p")
    expect(remote.get_by_role("button", name="Reprendre")).to_be_focused()
    room.set_offline(False)
    expect(screen.locator("[data-timer-word]")).to_have_text("En pause", timeout=15_000)
    expect(screen.get_by_text("Connexion perdue")).to_be_hidden()
    remote.keyboard.press("x")
    expect(screen.get_by_role("timer")).to_be_hidden(timeout=15_000)
    room.close()


def test_a_stand_is_dragged_or_moved_by_its_arrows(signed_in):
    page = signed_in(SOLVED, "organiser").new_page()
    page.goto(f"/manage/{OPEN}/exhibition")
    row = page.locator("tr", has_text="B6")
    expect(row).to_contain_text("à 15 m et 4 m")
    page.locator(".plan").scroll_into_view_if_needed()
    stand = page.locator("a.plan__stand", has_text="B6").bounding_box()
    assert stand
    metre = stand["width"] / 3  # it is three metres wide
    page.mouse.move(stand["x"] + metre, stand["y"] + metre)
    page.mouse.down()
    page.mouse.move(stand["x"] + metre, stand["y"] + 3 * metre, steps=5)
    page.mouse.up()
    expect(row).to_contain_text("à 15 m et 6 m")
    row.get_by_role("button", name="Gauche").focus()
    for place in ("à 14 m et 6 m", "à 13 m et 6 m"):
        page.keyboard.press("Enter")
        expect(row).to_contain_text(place)
        expect(row.get_by_role("button", name="Gauche")).to_be_focused()

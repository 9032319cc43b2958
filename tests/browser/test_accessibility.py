"""Every page, in every state a person meets: axe finds nothing serious, nothing is wider than the screen."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OPEN, SOLVED, new_context

pytestmark = pytest.mark.browser

NEXT = "ess-2018-05-17"  # begun: published, with nothing in it yet
PUBLIC = (
    "/",
    "/rule",
    "/accessibility",
    "/privacy",
    "/mails",
    "/mails/1",
    "/accounts/sign-in",
    "/accounts/code",
    "/accounts/link/absent",
    "/invitations/absent",
    "/jury/absent",
    "/organisations/join/absent",
    "/nowhere",
    f"/events/{OPEN}",
    f"/events/{SOLVED}",
    "/series/openmap-ess",
    "/series/openmap-numeriques",
    "/events/ess-2017-05-18",
    "/next-editions/confirm/absent",
    "/next-editions/end/absent",
    f"/events/{SOLVED}/programme",
    f"/events/{OPEN}/pitches",
    f"/events/{NEXT}/pitches",
    f"/events/{NEXT}/programme",
    f"/events/{SOLVED}/screen",
    f"/events/{OPEN}/screen",
    f"/events/{OPEN}/structures",
    f"/events/{OPEN}/structures?q=rien+de+tel",
    f"/events/{OPEN}/registrations",
    "/roadmaps",
    f"/events/{OPEN}/roadmaps?sector=waste",
    f"/events/{OPEN}/roadmaps?q=absent",
    "/roadmaps/ville-de-paris",
    "/roadmaps/ville-de-paris/needs/80",
    f"/events/{OPEN}/exhibition",
    f"/events/{OPEN}/exhibition?q=rien+de+tel",
    f"/events/{OPEN}/registrations/structure",
    f"/events/{OPEN}/registrations/desk",
    f"/events/{OPEN}/registrations/partner",
    f"/events/{OPEN}/registrations/visitor",
    f"/events/{OPEN}/registrations/resume/absent",
    f"/events/{OPEN}/registrations/done",
    f"/events/{SOLVED}/registrations/structure",
)
SIGNED_IN = (
    (OPEN, "structure", "/my-space"),
    (OPEN, "structure", f"/events/{OPEN}/requests/S006"),
    (OPEN, "structure", f"/events/{OPEN}/requests/S006/ask/B02"),
    (OPEN, "structure", f"/events/{OPEN}/requests/S006/structures"),
    (OPEN, "structure", f"/events/{OPEN}/desks/S006/requests"),
    (SOLVED, "structure", "/my-space"),
    (SOLVED, "structure", f"/events/{SOLVED}/agendas/S015"),
    (SOLVED, "structure", f"/events/{SOLVED}/explanations/S015"),
    (OPEN, "organiser", f"/manage/{OPEN}/telephone?q=structure"),
    (OPEN, "organiser", f"/manage/{OPEN}/telephone/S006"),
    (OPEN, "organiser", f"/manage/{OPEN}/telephone/B03"),
    (SOLVED, "structure", "/my-space/data"),
    (SOLVED, "structure", "/my-space/data/erasure"),
    (OPEN, "structure", f"/events/{OPEN}/catalogue?q=collecte&sector=waste"),
    (OPEN, "structure", f"/events/{OPEN}/catalogue?q=rien+de+tel"),
    (OPEN, "structure", f"/events/{OPEN}/catalogue/B03"),
    (OPEN, "structure", f"/events/{OPEN}/catalogue/S003"),
    (SOLVED, "structure", f"/events/{SOLVED}/catalogue/S003"),
    *(
        (OPEN, "organiser", f"/organisations/8/profile{rest}")
        for rest in ("", "/summary", "/activity", "/area", "/team", "/recognition", "/identity", "/logo", "/documents")
    ),
    (OPEN, "organiser", "/organisations/1/profile"),
    (OPEN, "organiser", "/organisations/1/profile/desks/add"),
    (OPEN, "structure", "/roadmaps/follow"),
    (OPEN, "buyer", "/roadmaps/mine"),
    (OPEN, "buyer", "/roadmaps/conseil-departemental-du-val-de-marne/needs/new"),
    (OPEN, "buyer", "/roadmaps/conseil-departemental-du-val-de-marne/import"),
    (OPEN, "organiser", "/roadmaps/mine"),
    (OPEN, "organiser", "/roadmaps/ville-de-paris/edit"),
    (OPEN, "organiser", "/roadmaps/ville-de-paris/needs/80/edit"),
    (OPEN, "buyer", "/my-space"),
    (OPEN, "buyer", f"/events/{OPEN}/desks/B03/requests"),
    (OPEN, "buyer", f"/events/{OPEN}/desks/B03/invitations"),
    (SOLVED, "buyer", f"/events/{SOLVED}/agendas/B05"),
    (OPEN, "organiser", "/manage"),
    (OPEN, "organiser", f"/manage/{OPEN}"),
    (OPEN, "organiser", f"/manage/{SOLVED}"),
    (OPEN, "organiser", f"/manage/{OPEN}/participants"),
    (OPEN, "organiser", f"/manage/{OPEN}/requests"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/edit"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/criteria/new"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/preview"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/applications"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/applications/new"),
    (OPEN, "organiser", f"/manage/{OPEN}/pitches/extensions/S006"),
    (OPEN, "organiser", f"/events/{OPEN}/pitches/S006"),
    (OPEN, "organiser", f"/events/{OPEN}/pitches/S006/preview"),
    (OPEN, "organiser", f"/events/{OPEN}/pitches/S006/withdraw"),
    (OPEN, "organiser", f"/manage/{OPEN}/questions?for=pitch"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme/new"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme/3"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme/3/people?q=entreprise"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme/2/people/new?who=B02"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/programme/appearances/1"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/stage"),
    (OPEN, "organiser", f"/manage/{OPEN}/requests/reminder"),
    (OPEN, "organiser", f"/manage/{OPEN}/journal"),
    (OPEN, "organiser", "/manage/new"),
    (OPEN, "organiser", f"/manage/{OPEN}/next"),
    (OPEN, "organiser", f"/manage/{OPEN}/settings"),
    (OPEN, "organiser", f"/manage/{OPEN}/slots"),
    (OPEN, "organiser", "/manage/ess-2018-05-17/news"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/settings"),
    (OPEN, "structure", "/my-space/next-editions"),
    (OPEN, "organiser", "/manage/organisations"),
    (OPEN, "organiser", "/manage/duplicates"),
    (OPEN, "organiser", f"/manage/{OPEN}/invitations"),
    (OPEN, "organiser", f"/manage/{OPEN}/invitations/new/file"),
    (OPEN, "organiser", f"/manage/{OPEN}/invitations/new/paste"),
    (OPEN, "organiser", f"/manage/{OPEN}/invitations/new/one"),
    (OPEN, "organiser", f"/manage/{OPEN}/invitations/remind"),
    (OPEN, "organiser", "/organisations/1/contacts"),
    (OPEN, "organiser", "/organisations/1/contacts/invite"),
    (OPEN, "organiser", f"/events/{OPEN}/registrations/review"),
    (OPEN, "organiser", f"/events/{OPEN}/registrations/S028/refuse"),
    (OPEN, "organiser", f"/events/{OPEN}/registrations/capacity"),
    (OPEN, "organiser", f"/events/{OPEN}/registrations/desk"),
    (OPEN, "organiser", f"/events/{OPEN}/registrations/S028"),
    (OPEN, "organiser", f"/events/{OPEN}/leaving/S006/reopen"),
    (OPEN, "organiser", f"/manage/{OPEN}/coaching"),
    (OPEN, "organiser", f"/manage/{OPEN}/coaching/new"),
    (OPEN, "organiser", f"/manage/{SOLVED}/coaching"),
    (OPEN, "organiser", f"/manage/{OPEN}/coaching/3"),
    (OPEN, "organiser", f"/manage/{OPEN}/coaching/3/cancel"),
    (OPEN, "organiser", f"/events/{SOLVED}/coaching/sessions/1"),
    (OPEN, "organiser", f"/events/{SOLVED}/coaching/sessions/1?files=open"),
    (OPEN, "organiser", f"/manage/{OPEN}/exhibition"),
    (OPEN, "organiser", f"/manage/{SOLVED}/exhibition"),
    (OPEN, "organiser", f"/manage/{OPEN}/exhibition/stands/new"),
    (OPEN, "organiser", f"/manage/{OPEN}/exhibition/import"),
    (OPEN, "organiser", f"/events/{OPEN}/exhibition/P01"),
    (OPEN, "structure", f"/events/{OPEN}/places/S006"),
    (OPEN, "organiser", f"/manage/{OPEN}/programme/10/places?q=S0"),
    (OPEN, "organiser", f"/manage/{OPEN}/questions"),
    (OPEN, "organiser", f"/manage/{OPEN}/questions/new"),
    (OPEN, "organiser", f"/manage/{OPEN}/questions/2"),
    (OPEN, "organiser", f"/manage/{OPEN}/questions/preview"),
    (OPEN, "structure", f"/events/{OPEN}/registrations/S006"),
    (OPEN, "structure", f"/events/{OPEN}/leaving/S006/cancel"),
    (OPEN, "jury", "/my-space"),
    (OPEN, "jury", f"/events/{OPEN}/jury"),
    (OPEN, "jury", f"/events/{OPEN}/jury?q=rien+de+tel"),
    (OPEN, "jury", f"/events/{OPEN}/jury/31"),
    (OPEN, "jury", f"/events/{OPEN}/jury/40"),
    (SOLVED, "jury", f"/events/{SOLVED}/jury/1"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/invite"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/6"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/files"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/files?q=rien+de+tel"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/results"),
    (OPEN, "organiser", f"/manage/{OPEN}/jury/results/40"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/jury/results?order=disputed"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection?zone=all&q=rien+de+tel"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection/proposals/1"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection/release"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection/release/S003"),
    (OPEN, "organiser", f"/manage/{OPEN}/selection/files/S003"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/selection"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/selection/release"),
    (SOLVED, "organiser", f"/manage/{SOLVED}/selection/files/S003"),
    (SOLVED, "organiser", f"/events/{SOLVED}/pitches/S003/answer"),
    (SOLVED, "organiser", f"/events/{SOLVED}/pitches/S003"),
    (SOLVED, "organiser", f"/events/{SOLVED}/coaching/S003"),
    *(
        (OPEN, "organiser", f"/manage/{NEXT}/{page}")
        for page in ("pitches", "jury", "selection", "coaching", "programme", "exhibition", "stage")
    ),
    (OPEN, "organiser", f"/events/{OPEN}/allocation"),
    (OPEN, "organiser", f"/events/{SOLVED}/allocation"),
    (OPEN, "organiser", f"/events/{OPEN}/allocation/what-if?slots=7"),
    (OPEN, "organiser", f"/events/{SOLVED}/allocation/1"),
    (OPEN, "organiser", f"/events/{SOLVED}/allocation/1/publish"),
    (OPEN, "organiser", f"/events/{OPEN}/requests/S006"),
    (OPEN, "organiser", f"/events/{OPEN}/desks/B03/requests"),
)
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))


def look_at(page: Page, path: str) -> None:
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(path)
        assert page.locator("h1").count() == 1, f"{path}: one h1 a page"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path}: wider than {width} px"
        found = Axe().run(page).response["violations"]
        serious = [each for each in found if each["impact"] in {"serious", "critical"}]
        told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in serious]
        assert not told, f"{path} at {width} px, {scheme}: {told}"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_visitor_finds_no_obstacle(browser, site, path):
    context = new_context(browser, site)
    look_at(context.new_page(), path)
    context.close()


@pytest.mark.parametrize(("morning", "role", "path"), SIGNED_IN)
def test_someone_signed_in_finds_no_obstacle(signed_in, morning, role, path):
    page = signed_in(morning, role).new_page()
    look_at(page, path)
    page.close()


@pytest.mark.parametrize(
    ("path", "button"),
    [
        (f"/events/{OPEN}/registrations/structure", "Continuer"),
        (f"/events/{OPEN}/registrations/desk", "Continuer"),
        ("/accounts/sign-in", "Recevoir un lien"),
    ],
)
def test_a_form_with_mistakes_is_no_obstacle(browser, site, path, button):
    context = new_context(browser, site)
    page = context.new_page()
    page.goto(path)
    page.get_by_role("button", name=button).click()
    page.locator("#error-summary").wait_for()
    shows_no_obstacle(page)
    context.close()


@pytest.mark.parametrize(
    ("role", "path", "button"),
    [
        ("organiser", f"/manage/{OPEN}/pitches/criteria/new", "Enregistrer le critère"),
        ("organiser", f"/manage/{OPEN}/pitches/extensions/S006", "Donner ce délai"),
        ("organiser", f"/manage/{OPEN}/jury/invite", "Envoyer les invitations"),
        ("organiser", f"/manage/{OPEN}/coaching/new", "Ouvrir la séance"),
        ("organiser", f"/manage/{SOLVED}/programme/new", "Enregistrer"),
        ("organiser", f"/manage/{OPEN}/exhibition/stands/new", "Enregistrer le stand"),
        ("jury", f"/events/{OPEN}/jury/31", "Donner mon avis"),
    ],
)
def test_a_pitch_form_with_mistakes_is_no_obstacle(signed_in, role, path, button):
    page = signed_in(OPEN, role).new_page()
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(path)
    page.locator("main").get_by_role("button", name=button).first.click()
    page.locator("#error-summary").wait_for()
    shows_no_obstacle(page)
    page.close()


def shows_no_obstacle(page: Page) -> None:
    page.wait_for_load_state()  # a form answers before its last style sheet is there
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

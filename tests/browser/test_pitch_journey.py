"""From the call for pitches to the coaching: thirty files, three reviewers, a reserve that moves up.

What a person does once is done in the browser; what is done thirty times goes through the same forms over HTTP.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, BrowserContext, Page, expect

from openmap.demo.mornings import DATA, PUBLISHED
from openmap.mornings.files import PITCHES
from tests.browser.conftest import OPEN, Site, new_context, newest_mail, sign_in

pytestmark = pytest.mark.browser

SLUG = "pitchs-2017-12-07"
MANAGE, PUBLIC = f"/manage/{SLUG}", f"/events/{SLUG}/pitches"
FILES, PLACES, RESERVE = 30, 6, 2
REVIEWERS = ("Claire Martin", "Paul Nguyen", "Rosa Lopes")


def test_thirty_files_three_reviewers_one_who_declines_and_a_coaching(browser, own_site, tmp_path):
    import_the_morning(tmp_path)
    organiser = new_context(browser, own_site)
    page = sign_in(organiser, own_site.links[OPEN, "organiser"])
    opens_a_call(page)
    amina = arrives(browser, own_site, page, "contact001@exemple.fr")
    writes_a_file(amina)
    for number in range(2, FILES + 1):
        types_a_file(organiser, f"S{number:03d}", number)
    closes_the_call(page)
    asks_the_jury(page)
    for number, name in enumerate(REVIEWERS):
        judges(browser, own_site, page, name, number)
    selects(organiser, page)
    releases(organiser, page)
    heir = declines(browser, own_site, page)
    books_a_coaching(browser, own_site, page, heir)


def import_the_morning(folder: Path) -> None:
    """The structures of 2015 at a morning of their own, without a call, beside the demonstration that runs."""
    files = Path(shutil.copytree(DATA / PUBLISHED, folder / "morning"))
    (files / PITCHES).unlink()
    (files / "partners.csv").unlink()
    facts = json.loads((files / "event.json").read_text(encoding="utf-8"))
    facts |= {"slug": SLUG, "date": "2017-12-07", "title": "Matinale des pitchs", "reported": {}}
    (files / "event.json").write_text(json.dumps(facts), encoding="utf-8")
    command = [sys.executable, "-m", "openmap", "import-morning", str(files)]
    subprocess.run(command, check=True, timeout=60, env=os.environ | {"OPENMAP_DATA_DIR": str(folder / "var")})


def opens_a_call(page: Page) -> None:
    """Dates, two criteria, then everybody may read it."""
    page.goto(f"{MANAGE}/pitches")
    page.get_by_role("link", name="Préparer l’appel").click()
    page.get_by_label("Ouverture").fill("2017-11-01T09:00")
    page.get_by_label("Fin des candidatures").fill("2017-11-10T18:00")
    page.get_by_label("Fin des notes du jury").fill("2017-11-20T18:00")
    page.get_by_label("Consignes").fill("Dites simplement ce que vous faites.")
    page.get_by_role("button", name="Enregistrer l’appel").click()
    for label, weight in (("Intérêt pour un acheteur", "2"), ("Clarté", "1")):
        page.get_by_role("link", name="Ajouter un critère").click()
        page.get_by_label("Ce que le jury juge").fill(label)
        page.get_by_label("Poids").fill(weight)
        page.get_by_role("button", name="Enregistrer le critère").click()
    page.get_by_role("button", name="Publier l’appel").click()
    expect(page.get_by_text("L’appel est publié")).to_be_visible()


def arrives(browser: Browser, site: Site, mails: Page, email: str) -> Page:
    """Somebody signs in with the mail that the service wrote."""
    person = new_context(browser, site).new_page()
    person.goto("/accounts/sign-in")
    person.get_by_role("textbox").first.fill(email)
    person.locator("main form button").first.click()
    return sign_in(person.context, link_in(newest_mail(mails, email), "/accounts/link/"))


def writes_a_file(amina: Page) -> None:
    """One draft, then the file, typed by the structure itself."""
    amina.goto(PUBLIC)
    amina.get_by_role("link", name="Candidater").click()
    amina.get_by_label("Le titre de votre pitch").fill("Le wiki que vos agents remplissent vraiment")
    amina.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(amina.get_by_text("Votre brouillon est enregistré")).to_be_visible()
    amina.get_by_label("Ce que vous présenterez").fill("Un an chez deux communes, et ce qui a changé.")
    amina.get_by_label("Qui parlera").fill("Amina Diallo, directrice")
    amina.get_by_role("button", name="Envoyer au jury").click()
    expect(amina.get_by_text("Votre dossier est envoyé", exact=True)).to_be_visible()


def types_a_file(organiser: BrowserContext, ref: str, number: int) -> None:
    """One more, dictated on the telephone."""
    said = {"title": f"Une idée de {ref}", "summary": f"Essai numéro {number}.", "speaker": "Quelqu’un"}
    sends(organiser, f"{PUBLIC}/{ref}", f"{PUBLIC}/{ref}", action="send", **said)


def closes_the_call(page: Page) -> None:
    """Earlier than said, so that the jury may begin."""
    page.goto(f"{MANAGE}/pitches")
    expect(page.get_by_text(f"{FILES} dossiers envoyés")).to_be_visible()
    page.get_by_role("button", name="Fermer maintenant").click()
    means_it(page)
    expect(page.get_by_role("link", name="Rouvrir l’appel…")).to_be_visible()


def asks_the_jury(page: Page) -> None:
    """Three people invited at once."""
    page.goto(f"{MANAGE}/jury/invite")
    lines = "\n".join(f"{name};{mailbox(name)}" for name in REVIEWERS)
    page.locator("textarea[name=lines]").fill(lines)
    page.get_by_role("button", name="Envoyer les invitations").click()


def judges(browser: Browser, site: Site, mails: Page, name: str, number: int) -> None:
    """Accept; once all three did, files are shared out and each of them scores every file through its form."""
    link = link_in(newest_mail(mails, mailbox(name)), "/jury/")
    person = new_context(browser, site).new_page()
    person.goto(link)
    person.get_by_role("button", name="J’accepte").click()
    if number < len(REVIEWERS) - 1:
        return
    sends(mails.context, f"{MANAGE}/jury/files", "/jury/share", per_file="3", draw="1")
    for place, who in enumerate(REVIEWERS):
        reviewer = arrives(browser, site, mails, mailbox(who))
        keys = files_of(reviewer)
        assert len(keys) == FILES
        for key in keys:
            scores_one(reviewer, key, place)
        reviewer.goto(f"/events/{SLUG}/jury/{keys[0]}")
        expect(reviewer.get_by_role("button", name="Changer mon avis")).to_be_visible()


def files_of(reviewer: Page) -> list[str]:
    """The keys of the files on both pages of their list."""
    found: set[str] = set()
    for number in (1, 2):
        reviewer.goto(f"/events/{SLUG}/jury?page={number}")
        found.update(re.findall(rf"/events/{SLUG}/jury/(\d+)", reviewer.content()))
    return sorted(found, key=int)


def scores_one(reviewer: Page, key: str, place: int) -> None:
    """Values that differ by file and reviewer, always the same."""
    path = f"/events/{SLUG}/jury/{key}"
    form = form_of(reviewer.context, path, path)
    names = sorted({str(field["name"]) for field in form.select("input[type=radio]")})
    values = {name: str(1 + (int(key) * (3 + shift) + place) % 5) for shift, name in enumerate(names)}
    posts(reviewer.context, form, path, act="give", **values)


def selects(organiser: BrowserContext, page: Page) -> None:
    """A proposal adopted with its reserve; the others are not chosen."""
    page.goto(f"{MANAGE}/selection")
    page.get_by_role("button", name="Demander une proposition").click()
    page.get_by_role("button", name="Adopter la proposition").click()
    expect(page.locator(".file-list[data-zone=reserve] li")).to_have_count(RESERVE)
    sends(organiser, f"{MANAGE}/selection", "/selection/rest")


def releases(organiser: BrowserContext, page: Page) -> None:
    """Each of the thirty mails is read; then all leave together."""
    sends(organiser, f"{MANAGE}/selection/release", "/deadline", confirm_before="2017-11-25T18:00")
    for _mail in range(FILES):
        page.goto(f"{MANAGE}/selection/release")
        path = page.get_by_role("link", name="Relire le suivant").get_attribute("href")
        sends(organiser, str(path), "/read")
    page.goto(f"{MANAGE}/selection/release")
    page.get_by_role("button", name="Annoncer à tous").click()
    means_it(page)
    expect(page.get_by_text("C’est annoncé")).to_be_visible()


def selected(page: Page) -> set[str]:
    """The refs of the structures that are on stage as things are."""
    page.goto(f"{MANAGE}/pitches/applications?state=selected")
    return {str(tile.get_attribute("id")) for tile in page.locator(".pitch-tile").all()}


def declines(browser: Browser, site: Site, mails: Page) -> str:
    """One says no; gives the ref of the first of the reserve, who moves up and reads it in a mail."""
    before = selected(mails)
    assert len(before) == PLACES
    leaver = min(before)
    person = arrives(browser, site, mails, mail_of(leaver))
    person.goto(f"{PUBLIC}/{leaver}/answer")
    person.locator("textarea[name=reason], input[name=reason]").fill("Notre oratrice est en congé")
    person.get_by_role("button", name="Renoncer à mon pitch").click()
    if person.get_by_role("dialog").count():
        means_it(person)
    expect(person.get_by_text("votre place est proposée à une autre structure")).to_be_visible()
    (heir,) = selected(mails) - before  # who declined stays in the list, marked so
    assert f"/pitches/{heir}/answer" in newest_mail(mails, mail_of(heir))
    return heir


def books_a_coaching(browser: Browser, site: Site, page: Page, ref: str) -> None:
    """A session is opened; the structure that moved up takes a place, and its mail says so."""
    page.goto(f"{MANAGE}/coaching/new")
    page.get_by_label("Quel jour ?").fill("2017-11-30")
    page.get_by_label("Lieu", exact=True).fill("Maison des associations, Pantin")
    page.get_by_label("Nom du premier coach").fill("Nadia Benali")
    page.locator("[name=coach_email_1]").fill("nadia@coach.example")
    page.get_by_role("button", name="Ouvrir la séance").click()
    person = arrives(browser, site, page, mail_of(ref))
    person.goto(f"/events/{SLUG}/coaching/{ref}")
    person.get_by_role("button", name="Réserver cette séance").click()
    expect(person.get_by_role("button", name="Rendre ma place")).to_be_visible()
    assert "Maison des associations" in newest_mail(page, mail_of(ref))


def means_it(page: Page) -> None:
    """Answer the question that is asked before what cannot be taken back."""
    page.get_by_role("dialog").locator(".btn-danger").click()


def mail_of(ref: str) -> str:
    return f"contact{int(ref[1:]):03d}@exemple.fr"


def mailbox(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@jury.example"


def link_in(mail: str, path: str) -> str:
    found = re.search(rf"\S*{re.escape(path)}\S+", mail)
    assert found, mail
    return found.group()


def form_of(context: BrowserContext, path: str, action: str) -> Tag:
    """The one form of a page that posts to an address containing `action`, or to the page itself."""
    found = forms_of(context, path, action)
    assert found, f"{path}: no form posts to {action}"
    return found[0]


def forms_of(context: BrowserContext, path: str, action: str) -> list[Tag]:
    answer = context.request.get(path)
    assert answer.ok, f"{path}: {answer.status}"
    main = BeautifulSoup(answer.text(), "html.parser").find("main")
    assert isinstance(main, Tag)
    forms = main.find_all("form", attrs={"method": "post"})
    return [form for form in forms if action in (form.get("action") or path)]


def sends(context: BrowserContext, path: str, address: str, /, **fields: str) -> None:
    """Fill the form of `path` that posts to `address`, and send it; what it holds already stays."""
    posts(context, form_of(context, path, address), path, **fields)


def posts(context: BrowserContext, form: Tag, path: str, /, **fields: str) -> None:
    held: dict[str, str | float | bool] = {
        str(field["name"]): str(field.get("value", ""))
        for field in form.select("input[name], textarea[name]")
        if field.get("type") not in {"radio", "checkbox", "file", "submit"}
    }
    answer = context.request.post(str(form.get("action") or path), form={**held, **fields})
    assert answer.ok, f"{path}: {answer.status} {BeautifulSoup(answer.text(), 'html.parser').get_text(' ', strip=True)}"

"""Whatever is sent to the forms of invitations and contacts: an answer, never a failure, and only clean text kept."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from webtest import Upload

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.limits import limiter
from openmap.invitations.models import GuestSheet, Invitation
from openmap.organisations.models import ColleagueInvitation
from tests.factories import build_event, build_guest, build_guest_sheet, build_person, build_structure
from tests.people import Visitor, the_form

WORDS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(categories=["Cc", "Cs", "Co", "Zl", "Zp"]), max_size=20),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "999999999999999999999",
            "1e9",
            "\ud800",
            "a\r\nBcc: x@y.fr",
            "x" * 300_000,
            "=1+1",
            "amina@exemple.fr",
            "<b>",
            "{{ 7*7 }}",
            "%(name)s",
            "structure",
            "meetings",
            "on",
            "73282932000074",
            "amina@exemple.fr;Amina;Atelier",
        ]
    ),
)
FIELDS = (
    "email",
    "name",
    "phone",
    "roles",
    "at_once",
    "successor",
    "destination",
    "lines",
    "body",
    "siret",
    "message",
    "usual_kind",
    "kind",
    "departement",
    "first_name",
    "days_before",
    "for_good",
    "seen",
    "id",
    "next",
    "form_key",
)
ANSWERS = {200, 302, 404, 409, 410, 413, 422}
SOUND = {"Cc", "Cs", "Co"}


@pytest.fixture
def paths(app) -> list[str]:
    """Every address of ours that takes a form, with rows behind it."""
    with unit_of_work():
        at = now()
        claire = build_person("Claire", email="claire@exemple.fr", is_organiser=True, at=at)
        event = build_event(slug="matinale", at=at)
        one, other = build_structure(event, at=at), build_structure(build_event(at=at), "Autre", at=at)
        guest, sheet = build_guest(event, at=at), build_guest_sheet(event, claire, at=at)
        contacts = f"/organisations/{one.organisation_id}/contacts"
    listing = "/manage/matinale/invitations"
    return [
        f"{contacts}/invite",
        f"{contacts}/{one.contact_id}",
        f"{contacts}/{one.contact_id}/leave",
        f"{contacts}/{one.contact_id}/main",
        f"/manage/organisations/{one.organisation_id}/merge/{other.organisation_id}",
        "/manage/duplicates/distinct",
        f"{listing}/new/paste",
        f"{listing}/new/one",
        f"{listing}/new/file",
        f"{listing}/sheets/{sheet.id}",
        f"{listing}/remind",
        f"{listing}/reminder-rule",
        f"{listing}/{guest.id}/withdraw",
        f"{listing}/{guest.id}/restore",
        "/organisations/join/absent",
        "/invitations/absent/decline",
    ]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_form_fails_whatever_is_typed(app, paths, claire_there, token, data):
    path = data.draw(st.sampled_from(paths))
    typed = data.draw(st.lists(st.tuples(st.sampled_from(FIELDS), WORDS), max_size=8))
    sent = [(name, value.encode("utf-8", "surrogatepass")) for name, value in typed]
    limiter.reset()
    answer = claire_there.browser.post(path, [("csrf_token", token), *sent], expect_errors=True)
    assert answer.status_int in ANSWERS, path
    assert not [text for text in kept_texts() if any(unicodedata.category(char) in SOUND for char in text)]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))),
    name=st.sampled_from(["liste.csv", "liste.xlsx", "liste.pdf", "", "../../x.csv", "liste.csv\r\nX: y"]),
)
def test_no_file_fails_whatever_it_holds(app, paths, claire_there, content, name):
    form = the_form(claire_there.sees("/manage/matinale/invitations/new/file"))
    form["file"] = Upload(name or "x", content)
    answer = form.submit(expect_errors=True)
    assert answer.status_int in ANSWERS
    if answer.status_int == 302:
        assert claire_there.browser.get(answer.location, expect_errors=True).status_int == 200


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "state", "kind", "show", "page", "merge", "email", "usual_kind"]),
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    )
)
def test_no_list_fails_whatever_its_address_says(app, paths, claire_there, query):
    sheets = [path for path in paths if "/sheets/" in path]
    for path in ("/manage/organisations", "/manage/duplicates", "/manage/matinale/invitations", *sheets):
        assert claire_there.browser.get(path, query, expect_errors=True).status_int == 200, path


@pytest.fixture
def claire_there(app, paths) -> Visitor:
    """Claire at her browser."""
    return Visitor(app, "claire@exemple.fr").signs_in()


@pytest.fixture
def token(claire_there) -> str:
    """What her forms carry."""
    return str(claire_there.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"])


def kept_texts() -> list[str]:
    """What people typed, as it is stored."""
    session.rollback()
    texts: list[str] = []
    for person in session.scalars(select(Person)):
        texts += [person.name, person.email]
    for invitation in session.scalars(select(Invitation)):
        texts += [invitation.name, invitation.email, invitation.body, invitation.phone]
    for colleague in session.scalars(select(ColleagueInvitation)):
        texts += [colleague.name, colleague.email]
    for sheet in session.scalars(select(GuestSheet)):
        texts += [sheet.name, *sheet.content["headers"], *(cell for row in sheet.content["rows"] for cell in row)]
    return texts

"""Signing in without a password: a mailed link or code, used once."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from tests.factories import build_person
from tests.people import CODE, LINK, Visitor, the_form

EMAIL = "amina@exemple.fr"


@pytest.fixture
def amina(app: Flask) -> Visitor:
    with unit_of_work():
        build_person("Amina Diallo", email=EMAIL, at=now())
    return Visitor(app, EMAIL)


def link_in_mail(visitor: Visitor) -> str:
    found = LINK.search(visitor.latest_mail().text)
    assert found
    return found.group()


def code_in_mail(visitor: Visitor) -> str:
    found = CODE.search(visitor.latest_mail().text)
    assert found
    return found.group()


def is_signed_in(visitor: Visitor) -> bool:
    return "Amina Diallo" in visitor.sees("/accessibility").text


def test_amina_enters_with_the_link_of_her_mail(amina):
    amina.signs_in()
    assert is_signed_in(amina)


def test_amina_enters_with_the_code_of_her_mail(amina):
    page = amina.submits("/accounts/sign-in", email=EMAIL)
    amina.submits(page, code=code_in_mail(amina))
    assert is_signed_in(amina)


def test_a_mail_scanner_that_opens_the_link_consumes_nothing(app, amina):
    amina.submits("/accounts/sign-in", email=EMAIL)
    link = link_in_mail(amina)
    scanner = Visitor(app)
    scanner.sees(link)
    scanner.browser.head(link)
    amina.submits(link)
    assert is_signed_in(amina)
    assert not is_signed_in(scanner)


def test_a_link_opens_once(app, amina):
    amina.signs_in()
    thief = Visitor(app)
    page = thief.sees(link_in_mail(amina), status=410)
    assert "n’est plus valable" in page.text
    assert not is_signed_in(thief)


def test_two_browsers_press_the_same_button_and_one_enters(app, amina):
    amina.submits("/accounts/sign-in", email=EMAIL)
    other = Visitor(app)
    page, copy = amina.sees(link_in_mail(amina)), other.sees(link_in_mail(amina))
    amina.submits(page)
    other.submits(copy, status=410)
    assert not is_signed_in(other)


def test_a_link_expires_after_half_an_hour(amina):
    with time_machine.travel(now(), tick=False) as clock:
        amina.submits("/accounts/sign-in", email=EMAIL)
        clock.shift(timedelta(minutes=31))
        amina.sees(link_in_mail(amina), status=410)


def test_five_wrong_codes_close_the_door_to_the_right_one(amina):
    page = amina.submits("/accounts/sign-in", email=EMAIL)
    right = code_in_mail(amina)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        page = amina.submits(page, status=422, code=wrong)
    assert "n’est pas le bon" in page.text
    amina.submits(page, status=422, code=right)
    assert not is_signed_in(amina)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(app, amina):
    stranger = Visitor(app)
    known = amina.submits("/accounts/sign-in", email=EMAIL)
    unknown = stranger.submits("/accounts/sign-in", email="personne@exemple.fr")
    assert known.html.find("h1").text == unknown.html.find("h1").text
    assert session.query(OutboxMail).filter_by(recipient="personne@exemple.fr").count() == 0


def test_signing_out_ends_the_session_on_the_server(app, amina):
    amina.signs_in()
    stolen = dict(amina.browser.cookies)
    page = amina.sees("/accessibility")
    form = next(form for form in page.forms.values() if "sign-out" in form.action)
    form.submit()
    thief = Visitor(app)
    for name, value in stolen.items():
        thief.browser.set_cookie(name, value.strip('"'))
    assert not is_signed_in(thief)


def test_secrets_are_stored_hashed_only(amina):
    amina.submits("/accounts/sign-in", email=EMAIL)
    token = link_in_mail(amina).rsplit("/", 1)[1]
    rows = session.execute(text("SELECT * FROM sign_in_challenge")).all()
    assert rows
    assert token not in str(rows)
    assert code_in_mail(amina) not in str(rows)


def test_after_signing_in_amina_is_where_she_wanted_to_go(app, amina):
    page = amina.submits("/accounts/sign-in?next=/privacy", email=EMAIL)
    landed = amina.submits(page, code=code_in_mail(amina))
    assert landed.request.path == "/privacy"


def test_a_forged_next_address_leads_nowhere_else(amina):
    page = amina.submits("/accounts/sign-in?next=//evil.example/steal", email=EMAIL)
    answer = the_form(page)
    answer["code"] = code_in_mail(amina)
    sent = answer.submit()
    assert sent.location.startswith(("/", "http://localhost/"))
    assert "evil" not in sent.location


def test_a_mistyped_address_keeps_what_was_typed(app):
    page = Visitor(app).submits("/accounts/sign-in", status=422, email="amina@")
    assert "Vérifiez l’adresse" in page.text
    assert page.html.find("input", attrs={"name": "email"})["value"] == "amina@"


def test_a_forged_host_does_not_reach_the_mail(app, amina):
    amina.browser.extra_environ["HTTP_HOST"] = "evil.example"
    answer = amina.browser.get("/accounts/sign-in", expect_errors=True)
    assert answer.status_int == 400


def test_the_person_language_is_the_mail_language(app):
    with unit_of_work():
        session.add(Person(email="emma@exemple.fr", name="Emma", locale="fr", created_at=now()))
    emma = Visitor(app, "emma@exemple.fr")
    emma.submits("/accounts/sign-in", email="emma@exemple.fr")
    assert emma.latest_mail().subject.startswith("Votre lien")


def test_the_cookie_does_not_tell_whether_an_address_is_known(app, amina):
    stranger = Visitor(app)
    amina.submits("/accounts/sign-in", email=EMAIL)
    stranger.submits("/accounts/sign-in", email="personne@exemple.fr")
    shapes = []
    for visitor in (amina, stranger):
        kept = URLSafeTimedSerializer("").loads_unsafe(visitor.browser.cookies["openmap_session"])[1]
        shapes.append({name: (type(value), len(value)) for name, value in kept.items() if name != "_permanent"})
    assert shapes[0] == shapes[1]
    assert "challenge" in shapes[0]

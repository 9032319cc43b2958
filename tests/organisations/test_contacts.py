"""Who speaks for an organisation: colleagues come by a mailed link, roles are given, someone leaves."""

import re

from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Contact
from openmap.organisations.queries import contact_of
from openmap.registrations.enums import RegistrationState
from tests.counting import queries_of
from tests.factories import build_person, build_structure
from tests.people import Visitor, the_form
from tests.rows import all_rows

JOIN = re.compile(r"/organisations/join/[\w-]+")


def invites(visitor: Visitor, path: str, email: str, *roles: str, status: int = 200, **fields):
    form = the_form(visitor.sees(f"{path}/invite"))
    form["email"] = email
    tick(form, roles)
    for name, value in fields.items():
        form[name] = value
    return visitor.sends_again(form, status=status)


def tick(form, roles) -> None:
    for box in form.fields["roles"]:
        box.checked = box._value in roles


def link_of(app, email: str) -> str:
    found = JOIN.search(Visitor(app, email).latest_mail().text)
    assert found
    return found.group()


def test_a_colleague_joins_by_the_mailed_link_and_then_acts_within_the_role(world):
    amina = world.someone("amina")
    page = invites(amina, world.contacts_path(), "Bilal@exemple.fr", "meetings")
    assert "Une invitation part à" in page.text
    bilal = Visitor(world.app, "bilal@exemple.fr")
    link = link_of(world.app, bilal.email)
    assert "Amina vous propose d’être contact" in bilal.sees(link).text  # a mail scanner stops here
    assert contact_count(world) == 1
    bilal.submits(link, name="Bilal Ka")
    bilal.signs_in()
    assert "Bilal Ka" in bilal.sees(world.contacts_path()).text
    assert bilal.sees(f"/events/matinale/requests/{world.structure.ref}")
    bilal.sees(f"{world.contacts_path()}/invite", status=404)


def contact_count(world) -> int:
    world.again()
    return len(world.structure.organisation.contacts)


def test_a_link_serves_once_and_a_withdrawn_one_never(world):
    amina = world.someone("amina")
    invites(amina, world.contacts_path(), "bilal@exemple.fr", "meetings")
    link = link_of(world.app, "bilal@exemple.fr")
    invites(amina, world.contacts_path(), "bilal@exemple.fr", "pitch")  # the second closes the first
    bilal = Visitor(world.app, "bilal@exemple.fr")
    assert "Ce lien n’est plus valable" in bilal.sees(link, status=410).text
    second = link_of(world.app, "bilal@exemple.fr")
    form = the_form(bilal.sees(second))
    form["name"] = "Bilal"
    bilal.sends_again(form)
    bilal.sends_again(form, status=410)
    invites(amina, world.contacts_path(), "chloe@exemple.fr", "pitch")
    amina.submits(world.contacts_path(), "/withdraw")
    bilal.sees(link_of(world.app, "chloe@exemple.fr"), status=410)


def test_an_invitation_needs_a_role_and_a_mailbox_that_is_no_contact_yet(world):
    amina = world.someone("amina")
    assert "Cochez au moins un rôle" in invites(amina, world.contacts_path(), "bilal@exemple.fr", status=422).text
    page = invites(amina, world.contacts_path(), "AMINA@exemple.fr", "pitch", status=409)
    assert "Amina est déjà un contact" in page.text
    assert the_form(page)["email"].value == "AMINA@exemple.fr"


def test_sending_a_registration_gives_no_right_over_the_organisation(world):
    world.add_contact("mallory")
    mallory = world.someone("mallory")
    mallory.sees(world.contacts_path(), status=404)
    mallory.sees(f"/events/matinale/requests/{world.structure.ref}", status=404)


def test_a_role_opens_what_it_says_and_nothing_more(world):
    world.add_contact("bilal", ContactRole.ADMINISTRATION)
    bilal, amina = world.someone("bilal"), world.someone("amina")
    requests = f"/events/matinale/requests/{world.structure.ref}"
    bilal.sees(requests, status=404)
    form = next(form for form in amina.sees(edit_path(world, "bilal")).forms.values() if "roles" in form.fields)
    tick(form, ["meetings"])
    amina.sends_again(form)
    assert bilal.sees(requests)
    assert world.structure.title in bilal.sees("/my-space").text


def edit_path(world, name: str) -> str:
    world.again()
    found = next(one for one in world.structure.organisation.contacts if one.person.name == name.title())
    return f"{world.contacts_path()}/{found.id}"


def test_there_is_one_main_contact_and_the_former_keeps_every_role(world):
    world.add_contact("bilal", ContactRole.PITCH)
    amina = world.someone("amina")
    amina.submits(edit_path(world, "bilal"), "/main")
    world.again()
    mains = [one.person.name for one in world.structure.organisation.contacts if one.is_main]
    assert mains == ["Bilal"]
    assert world.structure.contact.roles == frozenset(ContactRole)
    amina.sees(f"{world.contacts_path()}/invite", status=404)


def test_someone_who_leaves_hands_over_first_and_reads_nothing_afterwards(world):
    bilal = world.add_contact("bilal", ContactRole.MEETINGS)
    amina = world.someone("amina")
    leave = f"{edit_path(world, 'amina')}/leave"
    assert "Désignez d’abord un autre contact principal" in amina.sees(leave).text
    amina.submits(edit_path(world, "bilal"), "/main")
    page = amina.submits(leave, status=422)
    assert "Choisissez la personne qui reprend" in page.text
    amina.submits(page, successor=str(bilal.id))
    world.again()
    assert world.structure.contact_id == bilal.id
    amina.sees(world.contacts_path(), status=404)
    amina.sees(f"/events/matinale/requests/{world.structure.ref}", status=404)
    assert "Amina, jusqu’au" in world.someone("bilal").sees(world.contacts_path()).text
    left = session.scalars(select(AuditEntry).filter_by(action="contact.left")).one()
    assert left.details["handed"] == {"registration": [world.structure.id]}


def test_the_only_contact_cannot_leave_registrations_alone(world):
    amina = world.someone("amina")
    assert "Invitez d’abord la personne" in amina.sees(f"{edit_path(world, 'amina')}/leave").text
    before = all_rows()
    amina.posts(f"{edit_path(world, 'amina')}/leave", status=422)
    assert all_rows() == before


def test_an_organiser_moves_someone_to_another_body_by_its_name(world):
    bilal = world.add_contact("bilal", ContactRole.MEETINGS)
    claire = world.someone("claire")
    leave = f"{edit_path(world, 'bilal')}/leave"
    assert "Aucun organisme" in claire.submits(leave, status=422, destination="Ville de Nulle Part").text
    assert "que cette personne quitte" in claire.submits(leave, status=422, destination="atelier SOLEIL").text
    claire.submits(leave, destination="ville de paris")
    world.again()
    new = contact_of(world.town.organisation, bilal.person)
    assert new
    assert (new.roles, bilal.left_at is not None) == (frozenset(), True)


def test_an_organiser_notes_a_contact_after_a_call(world):
    claire = world.someone("claire")
    invites(claire, world.contacts_path(), "bilal@exemple.fr", "meetings", name="Bilal", at_once=True)
    world.again()
    assert [one.person.name for one in world.structure.organisation.contacts] == ["Amina", "Bilal"]
    assert session.scalars(select(AuditEntry).filter_by(action="contact.added")).one().actor_id


def test_what_an_organiser_may_do_at_once_is_no_field_for_others(world):
    amina = world.someone("amina")
    form = the_form(amina.sees(f"{world.contacts_path()}/invite"))
    assert "at_once" not in form.fields
    token = form["csrf_token"].value
    sent = {"csrf_token": token, "email": "bilal@exemple.fr", "roles": "meetings", "at_once": "y"}
    amina.browser.post(f"{world.contacts_path()}/invite", sent)
    assert contact_count(world) == 1


def test_another_bodys_contacts_do_not_exist(world):
    denis = world.someone("denis")
    own = world.structure.contact.id
    for path in (world.contacts_path(), f"{world.contacts_path()}/invite", f"{world.contacts_path()}/{own}/leave"):
        denis.sees(path, status=404)
    theirs = f"{world.contacts_path(world.town.organisation)}/{own}"
    denis.sees(theirs, status=404)
    denis.posts(f"{theirs}/main", status=404)
    denis.sees("/organisations/999999/contacts", status=404)


def test_the_first_contact_whom_an_organiser_lets_in_speaks_for_a_new_body(world):
    with unit_of_work():
        emma = build_person("Emma", email="emma@exemple.fr", at=now())
        new = build_structure(world.event, "Les Rouages", contact=emma, at=now(), state=RegistrationState.PENDING)
    emma_there = world.someone("emma")
    emma_there.sees(world.contacts_path(new.organisation), status=404)
    world.someone("claire").submits("/events/matinale/registrations/review", f"{new.ref}/approve")
    assert "Inviter un collègue" in emma_there.sees(world.contacts_path(new.organisation)).text


def test_the_page_asks_as_many_queries_for_four_contacts_as_for_two(world):
    world.add_contact("bilal", ContactRole.MEETINGS)
    amina = world.someone("amina")
    two = queries_of(amina, world.contacts_path())
    world.add_contact("chloe", ContactRole.PITCH, ContactRole.MEETINGS)
    world.add_contact("driss")
    assert queries_of(amina, world.contacts_path()) == two


def test_someone_who_comes_back_has_none_of_the_rights_of_before(world):
    bilal = world.add_contact("bilal", ContactRole.MEETINGS)
    world.someone("claire").submits(f"{edit_path(world, 'bilal')}/leave")
    invites(world.someone("amina"), world.contacts_path(), "bilal@exemple.fr", "administration")
    Visitor(world.app, "bilal@exemple.fr").submits(link_of(world.app, "bilal@exemple.fr"))
    world.again()
    again = session.get_one(Contact, bilal.id)
    assert (again.left_at, again.roles) == (None, frozenset({ContactRole.ADMINISTRATION}))

"""Nothing is told before the release, and each mail is read as it leaves."""

from datetime import timedelta

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.programme.enums import AppearanceRole
from openmap.programme.queries import stage_roles
from openmap.selections import operations
from tests.people import Visitor, the_form
from tests.selections.conftest import WEEK


def decided(selection) -> None:
    selection.decide(selected=["amina", "bruno"], reserve=["chloe", "dina"], rejected=["elio"])


def reads_all(olga, selection) -> None:
    page = olga.sees(selection.path("/release"))
    for _mail in range(5):
        link = next(a["href"] for a in page.html.find_all("a") if "Relire le suivant" in a.get_text())
        page = olga.submits(link, "/read")
        while page.request.path.count("/release/"):
            page = olga.submits(page, "/read")
        return


def sets_deadline(olga, selection) -> None:
    until = (now() + WEEK).strftime("%Y-%m-%dT%H:%M")
    olga.submits(selection.path("/release"), "/deadline", confirm_before=until)


def test_everybody_hears_at_once_after_every_mail_was_read(app, olga, selection):
    decided(selection)
    sets_deadline(olga, selection)
    page = olga.sees(selection.path("/release"))
    assert "Courriels à relire, neufs ou changés depuis : 5" in page.text
    reads_all(olga, selection)
    page = olga.submits(selection.path("/release"), "/release/send")
    assert "C’est annoncé" in page.text
    assert [selection.file(name).state for name in ("amina", "chloe", "elio")] == [
        ApplicationState.SELECTED,
        ApplicationState.RESERVE,
        ApplicationState.REJECTED,
    ]
    assert selection.file("dina").reserve_rank == 2
    assert {mail.recipient for mail in selection.mails("pitch_selected")} == {"amina@exemple.fr", "bruno@exemple.fr"}
    assert selection.mails("pitch_rejected")[0].recipient == "elio@exemple.fr"
    assert "Confirmez avant le" in selection.mails("pitch_selected")[0].text
    assert stage_roles(selection.file("amina").registration, AppearanceRole.PITCH)
    assert len(selection.file("amina").registration.unavailabilities) == 1


def test_a_mail_that_changed_is_read_again(olga, selection):
    decided(selection)
    sets_deadline(olga, selection)
    reads_all(olga, selection)
    assert "prêts à partir" in olga.sees(selection.path("/release")).text
    letter = selection.path(f"/release/{selection.ref('elio')}")
    olga.submits(letter, "/words", message="Revenez l’an prochain.")
    page = olga.sees(selection.path("/release"))
    assert "Courriels à relire, neufs ou changés depuis : 1" in page.text
    assert "changé depuis" in page.text
    olga.posts(selection.path("/release/send"), {"version": str(selection.call.board_version)}, status=422)
    assert not selection.mails("pitch_rejected")


def test_what_stands_in_the_way_is_said(olga, selection):
    assert "Dossiers encore à décider : 5" in olga.sees(selection.path("/release")).text
    selection.decide(rejected=["amina", "bruno", "chloe", "dina", "elio"])
    assert "Aucun dossier n’est retenu" in olga.sees(selection.path("/release")).text
    selection.decide(selected=["amina"])
    assert "Dites d’abord jusqu’à quand" in olga.sees(selection.path("/release")).text


def test_a_deadline_must_come_before_the_morning(olga, selection):
    for wrong in (now() - timedelta(days=1), now() + timedelta(days=60)):
        answer = olga.submits(
            selection.path("/release"), "/deadline", status=422, confirm_before=wrong.strftime("%Y-%m-%dT%H:%M")
        )
        assert "Choisissez un moment à venir" in answer.text
    olga.submits(selection.path("/release"), "/deadline", status=422, confirm_before="demain")
    assert selection.call.confirm_before is None


def test_feedback_is_chosen_reworded_and_names_nobody_of_the_jury(olga, selection):
    decided(selection)
    letter = selection.path(f"/release/{selection.ref('elio')}")
    form = the_form(olga.sees(letter), "/words")
    use = next(name for name in form.fields if name and name.startswith("use-"))
    form[use] = True
    words = next(name for name in form.fields if name and name.endswith("-words"))
    form[words] = "Dites vos prix, comme Mme Jugnot le demande."
    answer = olga.sends_again(form, status=422)
    assert "nomment un membre du jury (Jeanne Jugnot)" in answer.text
    assert "comme Mme Jugnot" in answer.text
    form[words] = "Parlez aussi de vos prix."
    page = olga.sends_again(form)
    assert "Parlez aussi de vos prix." in page.html.find(class_="mail-preview").get_text()
    assert "Jugnot" not in page.html.find(class_="mail-preview").get_text()


def test_nobody_learns_anything_before_the_release(app, olga, selection):
    decided(selection)
    amina = Visitor(app, "amina@exemple.fr").signs_in()
    amina.sees(selection.answer_path("amina"), status=404)
    words = ("retenu", "réserve", "Retenue", "Non retenu")
    for path in (
        "/my-space",
        f"/events/{selection.slug}",
        f"/events/{selection.slug}/programme",
        f"/events/{selection.slug}/pitches/{selection.ref('amina')}",
        "/my-space/data",
    ):
        text = amina.sees(path).html.find("main").get_text()
        assert not [word for word in words if word in text], path
    assert not selection.mails("pitch_selected")
    selection.release()
    assert "Votre dossier est retenu." in amina.sees(selection.answer_path("amina")).text


def test_a_reserve_reads_its_rank_and_a_rejected_one_the_words_of_the_jury(app, olga, selection):
    decided(selection)
    letter = selection.path(f"/release/{selection.ref('elio')}")
    form = the_form(olga.sees(letter), "/words")
    form[next(name for name in form.fields if name and name.startswith("use-"))] = True
    olga.sends_again(form)
    selection.release()
    elio, dina = (Visitor(app, f"{name}@exemple.fr").signs_in() for name in ("elio", "dina"))
    assert "Solide, mais Elio doit parler de ses prix." in elio.sees(selection.answer_path("elio")).text
    assert "2e sur la liste de réserve" in dina.sees(selection.answer_path("dina")).text
    dina.sees(selection.answer_path("elio"), status=404)


def test_a_stale_release_tells_nobody(olga, selection):
    decided(selection)
    sets_deadline(olga, selection)
    reads_all(olga, selection)
    form = the_form(olga.sees(selection.path("/release")), "/release/send")
    with unit_of_work():
        file = selection.file_in("elio")
        operations.decide(file, None, seen=file.call.board_version, by=None, at=now())
    olga.sends_again(form, status=409)
    session.rollback()
    assert selection.call.released_at is None
    assert not selection.mails("pitch_selected")


def test_a_file_withdrawn_at_the_last_moment_gets_no_mail(olga, selection):
    from openmap.pitches.operations import withdraw_application

    decided(selection)
    sets_deadline(olga, selection)
    reads_all(olga, selection)
    form = the_form(olga.sees(selection.path("/release")), "/release/send")
    with unit_of_work():
        withdraw_application(selection.file_in("bruno"), by=None, at=now())
    answer = olga.sends_again(form, status=409)
    assert "Le tableau a changé" in answer.text
    page = olga.sees(selection.path("/release"))
    olga.submits(page, "/release/send")
    assert {mail.recipient for mail in selection.mails("pitch_selected")} == {"amina@exemple.fr"}
    assert selection.file("amina").confirmation is Confirmation.ASKED


def test_anybody_reads_which_pitches_are_confirmed_and_none_before(app, selection):
    selection.decide(selected=["amina", "bruno"], reserve=["chloe"], rejected=["dina", "elio"])
    visitor, path = Visitor(app), f"/events/{selection.slug}/pitches"
    assert "Le pitch de Amina" not in visitor.sees(path).text
    selection.release()
    assert "Le pitch de Amina" not in visitor.sees(path).text
    with unit_of_work():
        operations.confirm_pitch(selection.file_in("amina"), by=None, at=now())
    page = visitor.sees(path).text
    assert "1 pitch sur scène" in page.replace("\u00a0", " ")
    assert "Le pitch de Amina" in page
    assert not [name for name in ("Bruno", "Chloe", "Dina", "Elio") if name in page]

"""The organiser's list of guests: how far each has come, reminders, the list as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form, told
from openmap.core.spreadsheets import csv_bytes
from openmap.core.web import get_or_404, safe_path
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.invitations import emails, operations, queries
from openmap.invitations.forms import NEVER, FilterForm, ReminderRuleForm
from openmap.invitations.models import Invitation
from openmap.invitations.views.blueprint import blueprint, secret_key

TARGETS_SHOWN = 20


@blueprint.get("/manage/<slug>/invitations")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """Who is invited, and how far each has come."""
    event = event_or_404(slug)
    form = FilterForm(request.args)
    return render_template(
        "invitations/index.html",
        event=event,
        form=form,
        page=queries.invitations_page(event, form.filters(), page=request.args.get("page", 1, type=int)),
        counts=queries.state_counts(event),
        rule=ReminderRuleForm(data={"days_before": str(queries.days_before(event) or NEVER)}),
        is_open=event.registration_open(now()),
    )


@blueprint.get("/manage/<slug>/invitations.csv")
@organiser_required
def export(slug: str) -> ResponseReturnValue:
    """The list as it is filtered, for a spreadsheet."""
    event = event_or_404(slug)
    found = session.scalars(queries.guests(event, FilterForm(request.args).filters())).all()
    states = queries.states_of(event, found)
    headers = [_("Organisme"), _("SIRET"), _("Nom"), _("Adresse électronique"), _("Téléphone"), _("Type")]
    headers += [_("Réponse"), _("Invitée le"), _("Rappels")]
    rows = (
        [
            each.body,
            each.siret,
            each.name,
            each.email,
            each.phone,
            _(each.kind.label),
            _(states[each.id].label),
            each.invited_at.astimezone(event.zone).date().isoformat(),
            each.reminder_count,
        ]
        for each in found
    )
    answer = Response(csv_bytes(headers, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=invitations-{event.slug}.csv"
    return answer


@blueprint.post("/manage/<slug>/invitations/<int:invitation_id>/withdraw")
@organiser_required
def withdraw(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back; a broken rule answers with its own page."""
    event = event_or_404(slug)
    invitation = get_or_404(queries.find_invitation(event, invitation_id))
    with unit_of_work():
        operations.withdraw_invitation(invitation, by=the_person(), at=now())
    flash(_("L’invitation de %(title)s est retirée : son lien n’ouvre plus rien.", title=invitation.title), "success")
    return redirect(_list_path(event))


@blueprint.post("/manage/<slug>/invitations/<int:invitation_id>/restore")
@organiser_required
def restore(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Let the link of a withdrawn invitation open again."""
    event = event_or_404(slug)
    invitation = get_or_404(queries.find_invitation(event, invitation_id))
    with unit_of_work():
        operations.restore_invitation(invitation, by=the_person(), at=now())
    flash(_("L’invitation de %(title)s vaut à nouveau.", title=invitation.title), "success")
    return redirect(_list_path(event))


@blueprint.route("/manage/<slug>/invitations/remind", methods=["GET", "POST"])
@organiser_required
def remind(slug: str) -> ResponseReturnValue:
    """Show who would be reminded and in which words; the button sends."""
    event, form = event_or_404(slug), Form()
    found = queries.reminders(event, at=now())
    if request.method != "POST":
        return _remind_page(event, form, found)
    if not form.validate_on_submit():
        return _remind_page(event, form, found), 422
    prepared = operations.prepare_reminders(found.targets, secret_key=secret_key(), at=now())
    try:
        with unit_of_work():
            count = operations.remind_guests(event, prepared, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _remind_page(event, form, found), broken.status
    if count:
        flash(ngettext("%(num)d rappel part.", "%(num)d rappels partent.", count), "success")
    else:
        flash(_("Personne n’attendait de rappel : rien n’est parti."), "warning")
    return redirect(url_for("invitations.index", slug=slug))


@blueprint.post("/manage/<slug>/invitations/reminder-rule")
@organiser_required
def set_rule(slug: str) -> ResponseReturnValue:
    """Say when the automatic reminder leaves."""
    event, form = event_or_404(slug), ReminderRuleForm()
    if not form.validate_on_submit():
        flash(_("Choisissez un délai de la liste."), "warning")
        return redirect(_list_path(event))
    with unit_of_work():
        operations.set_reminder(event, form.chosen_days(), by=the_person(), at=now())
    flash(_("Le rappel automatique est réglé."), "success")
    return redirect(_list_path(event))


def _remind_page(event: Event, form: Form, found: queries.Reminders) -> str:
    return render_template(
        "invitations/remind.html",
        event=event,
        form=form,
        found=found,
        shown=found.targets[:TARGETS_SHOWN],
        mail=_sample(found.targets[0]) if found.targets else None,
        is_open=event.registration_open(now()),
        closed=told(operations.InvitationsClosed()),
    )


def _sample(invitation: Invitation) -> object:
    return emails.guest_reminded(invitation, token=_("lien-personnel"), at=now())


def _list_path(event: Event) -> str:
    return safe_path(request.values.get("next"), url_for("invitations.index", slug=event.slug))

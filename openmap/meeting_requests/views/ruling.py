"""The organiser's page of rules, and the reminder with its preview."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.meeting_requests import reminders, ruling
from openmap.meeting_requests.forms import member_of
from openmap.meeting_requests.rule_forms import BanForm, QuotaForm, ReminderForm, RulesForm
from openmap.meeting_requests.rules import rules_of
from openmap.organisations.enums import StructureKind

blueprint = Blueprint("request_rules", __name__, url_prefix="/manage/<slug>/requests")


@blueprint.route("", methods=["GET", "POST"])
@organiser_required
def show(slug: str) -> ResponseReturnValue:
    """What the morning allows."""
    event = event_or_404(slug)
    form = RulesForm()
    if not form.is_submitted():
        return _page(event)
    if not form.validate():
        return _page(event, rules_form=form), 422
    with unit_of_work():
        ruling.set_rules(event, form.chosen(), by=the_person(), at=now())
    flash(_("Les règles sont enregistrées. Les demandes déjà faites restent telles qu’elles sont."), "success")
    return redirect(url_for("request_rules.show", slug=slug))


@blueprint.post("/bans")
@organiser_required
def add_ban(slug: str) -> ResponseReturnValue:
    """One more line on who may not ask whom."""
    event = event_or_404(slug)
    form = BanForm()
    form.offer()
    if not form.validate_on_submit():
        return _page(event, ban_form=form), 422
    try:
        with unit_of_work():
            ruling.add_ban(event, form.chosen(), by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(event, ban_form=form), broken.status
    flash(_("La règle est ajoutée."), "success")
    return redirect(url_for("request_rules.show", slug=slug, _anchor="qui"))


@blueprint.post("/bans/<int:ban_id>/remove")
@organiser_required
def remove_ban(slug: str, ban_id: int) -> ResponseReturnValue:
    """Take a line back."""
    event = event_or_404(slug)
    ban = get_or_404(next((each for each in rules_of(event).bans if each.id == ban_id), None))
    with unit_of_work():
        ruling.remove_ban(ban, by=the_person(), at=now())
    flash(_("La règle est retirée."), "success")
    return redirect(url_for("request_rules.show", slug=slug, _anchor="qui"))


@blueprint.post("/quotas")
@organiser_required
def set_quota(slug: str) -> ResponseReturnValue:
    """Another number of requests for structures of one kind."""
    event = event_or_404(slug)
    form = QuotaForm()
    form.offer()
    if not form.validate_on_submit():
        return _page(event, quota_form=form), 422
    with unit_of_work():
        kind = get_or_404(member_of(StructureKind, form.structure_kind.data))
        ruling.set_quota(event, kind=kind, quota=form.quota.data or 0, by=the_person(), at=now())
    flash(_("Le nombre de demandes est enregistré."), "success")
    return redirect(url_for("request_rules.show", slug=slug, _anchor="combien"))


@blueprint.post("/quotas/<kind>/remove")
@organiser_required
def remove_quota(slug: str, kind: str) -> ResponseReturnValue:
    """Back to the morning's own number."""
    event = event_or_404(slug)
    known = get_or_404(next((each for each in rules_of(event).quotas if each == kind), None))
    with unit_of_work():
        ruling.remove_quota(event, kind=known, by=the_person(), at=now())
    flash(_("Ces structures ont de nouveau le nombre de demandes de la matinale."), "success")
    return redirect(url_for("request_rules.show", slug=slug, _anchor="combien"))


@blueprint.route("/reminder", methods=["GET", "POST"])
@organiser_required
def reminder(slug: str) -> ResponseReturnValue:
    """Who has asked nobody; the reminder leaves after it was seen."""
    event = event_or_404(slug)
    form = ReminderForm()
    if form.validate_on_submit():
        mails = reminders.reminder_mails(event, at=now())
        with unit_of_work():
            count = reminders.send_reminders(event, mails, by=the_person(), at=now())
        flash(ngettext("%(num)d rappel est parti.", "%(num)d rappels sont partis.", count), "success")
        return redirect(url_for("request_rules.reminder", slug=slug))
    due = reminders.due_reminders(event, at=now())
    mail = reminders.reminder_mails(event, at=now(), only=due[:1])
    return render_template(
        "meeting_requests/reminder.html",
        event=event,
        form=form,
        due=due,
        silent=reminders.silent_structures(event),
        mail=mail[0] if mail else None,
        rest_days=reminders.REST.days,
        before_days=reminders.BEFORE_DEADLINE.days,
        is_open=event.requests_open(now()),
    )


def _page(
    event: Event,
    *,
    rules_form: RulesForm | None = None,
    ban_form: BanForm | None = None,
    quota_form: QuotaForm | None = None,
) -> str:
    """The page as it is now, with the form that could not be stored as it was typed."""
    rules = rules_of(event)
    new_ban, new_quota = ban_form or BanForm(formdata=None), quota_form or QuotaForm(formdata=None)
    new_ban.offer()
    new_quota.offer()
    return render_template(
        "meeting_requests/rules.html",
        event=event,
        rules=rules,
        rules_form=rules_form or RulesForm.for_rules(rules.settings),
        ban_form=new_ban,
        quota_form=new_quota,
        silent_count=len(reminders.due_reminders(event, at=now())),
    )

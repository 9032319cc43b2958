"""The whole profile, and its parts saved one at a time."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.organisations.models import Organisation
from openmap.profiles import queries
from openmap.profiles.changes import Change, changes_since
from openmap.profiles.completeness import ADVICE, completeness, parts_of
from openmap.profiles.enums import Part
from openmap.profiles.forms import PART_FORMS, PartForm
from openmap.profiles.models import Profile
from openmap.profiles.operations import ChangedMeanwhile, save_part
from openmap.profiles.sheets import sheet_of
from openmap.profiles.views.blueprint import blueprint, organisation_or_404, profile_path


@blueprint.get("")
@person_required
def show(organisation_id: int) -> ResponseReturnValue:
    """What the profile says, how far it is, and the next best thing to add."""
    organisation = organisation_or_404(organisation_id)
    profile = queries.profile_of(organisation)
    sheet = sheet_of(profile)
    return render_template(
        "profiles/show.html",
        organisation=organisation,
        profile=profile,
        sheet=sheet,
        parts=parts_of(organisation.kind),
        level=completeness(sheet, organisation.kind),
        advice=ADVICE[organisation.kind],
        seated=queries.seated_contacts(key for desk in sheet.desks for key in desk.contact_ids),
    )


@blueprint.route("/<part>", methods=["GET", "POST"])
@person_required
def edit(organisation_id: int, part: str) -> ResponseReturnValue:
    """One part: a few fields and one button."""
    kind = get_or_404(PART_FORMS.get(part))  # type: ignore[call-overload] # an enum's member equals its word
    organisation = organisation_or_404(organisation_id, kind.part)
    profile = queries.profile_of(organisation)
    form: PartForm = kind.showing(sheet_of(profile), organisation.kind)
    if request.method != "POST":
        return _page(organisation, profile, form)
    if not form.validate_on_submit():
        return _page(organisation, profile, form), 422
    seen = form.version_seen()
    try:
        with unit_of_work():
            save_part(organisation, form.part, form.values(), seen=seen, by=the_person(), at=now())
    except ChangedMeanwhile as broken:
        form.show(broken)
        profile = queries.profile_of(organisation)
        return _page(organisation, profile, form, changes_since(profile, form.part, seen)), broken.status
    except RuleBroken as broken:
        form.show(broken)
        return _page(organisation, queries.profile_of(organisation), form), broken.status
    flash(_("C’est enregistré : %(part)s.", part=_(form.part.label)), "success")
    return redirect(_after(organisation))


def _after(organisation: Organisation) -> str:
    """The next best part when the person goes through them one after the other, else the whole profile."""
    if "next" in request.form:
        profile = queries.profile_of(organisation)
        upcoming = completeness(sheet_of(profile), organisation.kind).next_part
        if upcoming is not None:
            return part_path(organisation, upcoming)
    return profile_path(organisation)


def part_path(organisation: Organisation, part: Part) -> str:
    """Where a part is filled: files and desks have pages of their own."""
    endpoint = {Part.LOGO: "profiles.logo", Part.DOCUMENTS: "profiles.documents", Part.DESKS: "profiles.add_desk"}
    if part in endpoint:
        return url_for(endpoint[part], organisation_id=organisation.id)
    return url_for("profiles.edit", organisation_id=organisation.id, part=part)


blueprint.add_app_template_global(part_path, "profile_part_path")


def _page(organisation: Organisation, profile: Profile | None, form: PartForm, changes: tuple[Change, ...] = ()) -> str:
    if changes or request.method != "POST":  # after a conflict, saving again is knowing what one does
        form.seen.data = str(profile.version if profile else 0)
    level = completeness(sheet_of(profile), organisation.kind)
    return render_template(
        "profiles/edit.html",
        organisation=organisation,
        form=form,
        part=form.part,
        changes=changes,
        level=level,
        advice=ADVICE[organisation.kind],
    )

"""What organisers and reviewers type; shape only, the operations hold the rules."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, HiddenField, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from openmap.core.choices import choices_from
from openmap.core.forms import Form, LongTextField, TextField
from openmap.invitations.reading import Trouble, guessed_mapping, read_guests, sheet_of_lines
from openmap.juries.evenly import Pair
from openmap.juries.models import PitchReview
from openmap.juries.operations import Guest, seen_version
from openmap.organisations.enums import OrganisationKind
from openmap.pitches.models import Criterion

MOST_REVIEWERS = 60
MOST_PER_FILE = 9
LONGEST_COMMENT = 3000
DRAFT, GIVE, ABSTAIN = "draft", "give", "abstain"


class InviteForm(Form):
    """Whom to ask into the jury, one a line, and a word to them."""

    lines = LongTextField(
        _l("Une personne par ligne"),
        [DataRequired(_l("Écrivez au moins une adresse électronique."))],
        maximum=20_000,
        description=_l(
            "Par exemple : Claire Martin <claire@region.fr>. "
            "Ou, depuis un tableur : claire@region.fr ; Claire Martin ; Région."
        ),
    )
    message = LongTextField(
        _l("Votre mot (facultatif)"), maximum=2000, description=_l("Il ouvre le courriel, avant la demande.")
    )

    def guests(self) -> tuple[list[Guest], list[Trouble]]:
        """Who is asked, and each line that can't be read."""
        sheet = sheet_of_lines(self.lines.data or "")
        found, troubles = read_guests(sheet, guessed_mapping(sheet), usual_kind=OrganisationKind.VISITOR)
        return [Guest(one.email, one.name, one.body) for one in found], troubles

    def validate_lines(self, field: LongTextField) -> None:
        """Each line names a mailbox, and they are not too many."""
        guests, troubles = self.guests()
        errors = [
            _("Ligne %(line)s, « %(said)s » : %(why)s", line=one.line, said=one.said, why=_(one.sentence))
            for one in troubles[:5]
        ]
        if len(guests) > MOST_REVIEWERS:
            errors.append(_("%(limit)s personnes au plus à la fois.", limit=MOST_REVIEWERS))
        field.errors = [*field.errors, *errors]


class AnswerForm(Form):
    """A guest joins the jury; the name is what the organiser sees."""

    name = TextField(
        _l("Votre prénom et votre nom"), [DataRequired(_l("Écrivez votre prénom et votre nom."))], maximum=120
    )


class ShareForm(Form):
    """How many reviewers a file gets, and the number of the draw."""

    per_file = IntegerField(
        _l("Relecteurs par dossier"),
        [
            InputRequired(_l("Écrivez un nombre.")),
            NumberRange(1, MOST_PER_FILE, _l("Entre 1 et %(max)s relecteurs par dossier.", max=MOST_PER_FILE)),
        ],
        default=3,
        render_kw={"min": 1, "max": MOST_PER_FILE},
    )
    draw = IntegerField(
        _l("Numéro du tirage"),
        [InputRequired(_l("Écrivez un nombre.")), NumberRange(1, 9999, _l("Entre 1 et 9999."))],
        default=1,
        description=_l("Le même numéro donne toujours le même partage : chacun peut le vérifier."),
        render_kw={"min": 1, "max": 9999},
    )


class ReopenForm(Form):
    """Until when one reviewer may still give scores, and why."""

    until = DateTimeLocalField(
        _l("Jusqu’au"),
        [InputRequired(_l("Choisissez le jour et l’heure."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    reason = TextField(
        _l("Pourquoi"),
        [DataRequired(_l("Dites pourquoi : la raison reste dans le journal."))],
        maximum=300,
    )

    def instant(self, zone: ZoneInfo) -> datetime:
        """The moment in the morning's time zone."""
        typed = self.until.data
        assert typed is not None  # validated
        return typed.replace(tzinfo=zone)


class ConflictForm(Form):
    """Why one may not judge a file."""

    reason = TextField(
        _l("Pourquoi vous ne pouvez pas l’évaluer"),
        [DataRequired(_l("Dites-le en quelques mots, par exemple : nous travaillons ensemble."))],
        maximum=300,
        description=_l("Seul l’organisateur le lit. Le dossier ira à quelqu’un d’autre."),
    )


class PairsForm(Form):
    """Boxes ticked and not, of the pairs that the page showed; what others changed meanwhile stays as they left it."""

    def pairs(self, name: str, sent: Sequence[str]) -> set[Pair]:
        """The pairs sent under `name`, « reviewer-file »; anything else is none."""
        return set(_pairs(sent))


def _pairs(sent: Sequence[str]) -> Iterator[Pair]:
    for text in sent:
        reviewer, _dash, file = text.partition("-")
        if reviewer.isdecimal() and file.isdecimal() and len(text) < 24:
            yield int(reviewer), int(file)


class ReviewForm(Form):
    """The scores of one file; `review_form` adds a scale for each criterion."""

    seen = HiddenField(validators=[Length(max=40)])
    comment = LongTextField(
        _l("Un mot au jury (facultatif)"),
        maximum=LONGEST_COMMENT,
        description=_l(
            "Ce qui convainc, ce qui manque. "
            "L’organisateur peut en reprendre une partie pour la structure, sans votre nom."
        ),
    )
    act = HiddenField()

    criteria: Sequence[Criterion] = ()

    @property
    def chosen(self) -> str:
        """Which button was pressed; anything else is the careful one."""
        return self.act.data if self.act.data in {GIVE, ABSTAIN} else DRAFT

    def scale(self, criterion: Criterion) -> RadioField:
        """The field of one criterion."""
        field: RadioField = self[_field_name(criterion)]
        return field

    def values(self) -> dict[int, int]:
        """The values chosen, by criterion."""
        chosen = ((criterion, self.scale(criterion).data) for criterion in self.criteria)
        return {criterion.id: int(value) for criterion, value in chosen if value}

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Each value stands on its scale, and none is missing once the review is given."""
        fine = bool(super().validate(extra_validators))
        for criterion in self.criteria:
            field = self.scale(criterion)
            allowed = {str(value) for value in range(criterion.lowest, criterion.highest + 1)}
            if field.data and field.data not in allowed:
                facts = {"lowest": criterion.lowest, "highest": criterion.highest}
                field.errors = [_("Choisissez une valeur de l’échelle, de %(lowest)s à %(highest)s.", **facts)]
                field.data, fine = None, False
            elif not field.data and self.chosen == GIVE:
                field.errors, fine = [_("Choisissez une note pour ce critère.")], False
        return fine


def _field_name(criterion: Criterion) -> str:
    return f"criterion_{criterion.id}"


def review_form(criteria: Sequence[Criterion], review: PitchReview | None) -> ReviewForm:
    """The form of one file, with what was saved."""
    fields = {
        _field_name(one): RadioField(
            one.label,
            choices=choices_from((str(value), str(value)) for value in range(one.lowest, one.highest + 1)),
            validate_choice=False,
        )
        for one in criteria
    }
    kind = type("FullReviewForm", (ReviewForm,), {**fields, "criteria": tuple(criteria)})
    saved: dict[str, object] = {"seen": seen_version(review)}
    if review is not None:
        saved["comment"] = review.comment
        saved |= {f"criterion_{score.criterion_id}": str(score.value) for score in review.scores}
    form: ReviewForm = kind(data=saved)
    return form

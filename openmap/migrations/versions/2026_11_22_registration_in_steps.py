"""registration in steps, questions, consents."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("buyer", "structure", "partner", "visitor")
STATES = ("pending", "waiting", "approved", "refused", "cancelled")
PURPOSES = ("registration", "pitch")
QUESTION_KINDS = ("text", "long-text", "choice", "choices", "number", "date", "yes-no", "file")
CONSENTS = ("terms", "directory", "photo")


def upgrade() -> None:
    """Apply the change."""
    _set_words("organisation", "kind", "organisationkind", KINDS)
    _create_questions()
    _create_answers()
    _change_registrations()
    _create_consents_and_capacity()
    _create_drafts()


def downgrade() -> None:
    """Take the change back; whoever waits for a place waits for a decision again."""
    op.execute("UPDATE registration SET state = 'pending', waiting_since = NULL WHERE state = 'waiting'")
    for table in ("draft_file", "registration_draft", "registration_capacity", "consent"):
        op.drop_table(table)
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint(op.f("ck_registration_waiting_has_its_place"), type_="check")
        batch_op.drop_constraint(op.f("ck_registration_cancelled_has_time"), type_="check")
        batch_op.drop_constraint(op.f("fk_registration_answer_sheet_id"), type_="foreignkey")
        batch_op.drop_index("ix_registration_answer_sheet_id")
        for column in ("answer_sheet_id", "cancelled_at", "waiting_since", "contact_function"):
            batch_op.drop_column(column)
    _set_words("registration", "state", "registrationstate", tuple(word for word in STATES if word != "waiting"))
    _set_words("registration", "kind", "organisationkind", KINDS[:-1])
    for table in ("answer", "answer_sheet", "question"):
        op.drop_table(table)
    _set_words("organisation", "kind", "organisationkind", KINDS[:-1])


def _words(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _set_words(table: str, column: str, name: str, words: Sequence[str]) -> None:
    """Say anew which words a column may hold."""
    constraint = f"ck_{table}_{name}"
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(constraint), type_="check")
        batch_op.create_check_constraint(op.f(constraint), f"{column} IN ({listed})")


def _create_questions() -> None:
    op.create_table(
        "question",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _words("questionpurpose", PURPOSES), nullable=False),
        sa.Column("kind", _words("questionkind", QUESTION_KINDS), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("help_text", sa.String(length=500), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("participant_kinds", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("smallest", sa.Integer(), nullable=True),
        sa.Column("largest", sa.Integer(), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "smallest IS NULL OR largest IS NULL OR smallest <= largest", name=op.f("ck_question_bounds_are_in_order")
        ),
        sa.CheckConstraint(
            "retention_days IS NULL OR retention_days >= 0", name=op.f("ck_question_retention_is_after_the_morning")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_question_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_event_purpose", "question", ["event_id", "purpose", "position"])


def _create_answers() -> None:
    op.create_table(
        "answer_sheet",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _words("questionpurpose", PURPOSES), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_answer_sheet_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheet")),
    )
    op.create_index(op.f("ix_answer_sheet_event_id"), "answer_sheet", ["event_id"])
    op.create_table(
        "answer",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(file_id IS NULL) = (value <> '')", name=op.f("ck_answer_words_or_file")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_answer_file_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["answer_sheet.id"], name=op.f("fk_answer_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("sheet_id", "question_id", name=op.f("uq_answer_sheet_id_question_id")),
    )
    op.create_index(op.f("ix_answer_file_id"), "answer", ["file_id"])
    op.create_index(op.f("ix_answer_question_id"), "answer", ["question_id"])


def _change_registrations() -> None:
    _set_words("registration", "kind", "organisationkind", KINDS)
    _set_words("registration", "state", "registrationstate", STATES)
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("contact_function", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer_sheet_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_registration_answer_sheet_id"), "answer_sheet", ["answer_sheet_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_registration_answer_sheet_id"), ["answer_sheet_id"])
    op.execute("UPDATE registration SET cancelled_at = coalesce(decided_at, created_at) WHERE state = 'cancelled'")
    with op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("contact_function", server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_registration_waiting_has_its_place"), "(state = 'waiting') = (waiting_since IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_cancelled_has_time"), "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
        )


def _create_consents_and_capacity() -> None:
    op.create_table(
        "consent",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _words("consentpurpose", CONSENTS), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_consent_consent_has_its_words")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_consent_noted_by_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_consent_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_consent_standing",
        "consent",
        ["registration_id", "purpose"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_table(
        "registration_capacity",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("organisationkind", KINDS), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_registration_capacity_places_are_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_capacity_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_capacity")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_registration_capacity_event_id_kind")),
    )


def _create_drafts() -> None:
    op.create_table(
        "registration_draft",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("organisationkind", KINDS), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_registration_draft_entered_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_draft_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_draft")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_registration_draft_browser_hash")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_registration_draft_link_hash")),
    )
    for column in ("email", "event_id", "expires_at"):
        op.create_index(op.f(f"ix_registration_draft_{column}"), "registration_draft", [column])
    op.create_table(
        "draft_file",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["registration_draft.id"], name=op.f("fk_draft_file_draft_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_draft_file_file_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_draft_file_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_file")),
        sa.UniqueConstraint("draft_id", "question_id", name=op.f("uq_draft_file_draft_id_question_id")),
    )
    for column in ("file_id", "question_id"):
        op.create_index(op.f(f"ix_draft_file_{column}"), "draft_file", [column])

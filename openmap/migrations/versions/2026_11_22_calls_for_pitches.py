"""Calls for pitches, criteria and applications."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "pitch_call",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jury_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("reserve_places", sa.Integer(), nullable=False),
        sa.Column("pitch_minutes", sa.Integer(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("is_normalised", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirm_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("board_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at <= jury_closes_at", name=op.f("ck_pitch_call_jury_closes_last")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_pitch_call_closes_after_it_opens")),
        sa.CheckConstraint("pitch_minutes > 0", name=op.f("ck_pitch_call_minutes_are_counted")),
        sa.CheckConstraint("places > 0", name=op.f("ck_pitch_call_places_are_counted")),
        sa.CheckConstraint("reserve_places >= 0", name=op.f("ck_pitch_call_reserve_is_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_pitch_call_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_call")),
        sa.UniqueConstraint("event_id", name=op.f("uq_pitch_call_event_id")),
    )
    op.create_table(
        "pitch_criterion",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("help_text", sa.String(length=500), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("lowest < highest", name=op.f("ck_pitch_criterion_scale_has_an_order")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_pitch_criterion_weight_counts")),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_pitch_criterion_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_criterion")),
    )
    with op.batch_alter_table("pitch_criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_criterion_call_id"), ["call_id"], unique=False)

    op.create_table(
        "pitch_application",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("speaker", sa.String(length=120), nullable=False),
        sa.Column("is_first_time", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "withdrawn",
                "selected",
                "reserve",
                "rejected",
                name="applicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer_sheet_id", sa.Integer(), nullable=True),
        sa.Column("extended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserve_rank", sa.Integer(), nullable=True),
        sa.Column(
            "confirmation",
            sa.Enum(
                "asked",
                "confirmed",
                "declined",
                name="confirmation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(extended_until IS NULL) = (extension_reason = '')", name=op.f("ck_pitch_application_extension_has_reason")
        ),
        sa.CheckConstraint(
            "(state = 'reserve') = (reserve_rank IS NOT NULL)", name=op.f("ck_pitch_application_reserve_has_rank")
        ),
        sa.CheckConstraint(
            "(state = 'selected') = (confirmation IS NOT NULL)", name=op.f("ck_pitch_application_selected_is_asked")
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_pitch_application_withdrawn_has_time")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL OR state = 'withdrawn'",
            name=op.f("ck_pitch_application_sent_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_sheet_id"], ["answer_sheet.id"], name=op.f("fk_pitch_application_answer_sheet_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_pitch_application_call_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_pitch_application_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_application")),
        sa.UniqueConstraint("call_id", "registration_id", name=op.f("uq_pitch_application_call_id_registration_id")),
    )
    with op.batch_alter_table("pitch_application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_application_answer_sheet_id"), ["answer_sheet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pitch_application_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index("uq_pitch_application_reserve_rank", ["call_id", "reserve_rank"], unique=True)

    op.create_table(
        "pitch_document",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["pitch_application.id"], name=op.f("fk_pitch_document_application_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_pitch_document_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_document")),
    )
    with op.batch_alter_table("pitch_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_document_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pitch_document_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("pitch_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_document_file_id"))
        batch_op.drop_index(batch_op.f("ix_pitch_document_application_id"))

    op.drop_table("pitch_document")
    with op.batch_alter_table("pitch_application", schema=None) as batch_op:
        batch_op.drop_index("uq_pitch_application_reserve_rank")
        batch_op.drop_index(batch_op.f("ix_pitch_application_registration_id"))
        batch_op.drop_index(batch_op.f("ix_pitch_application_answer_sheet_id"))

    op.drop_table("pitch_application")
    with op.batch_alter_table("pitch_criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_criterion_call_id"))

    op.drop_table("pitch_criterion")
    op.drop_table("pitch_call")

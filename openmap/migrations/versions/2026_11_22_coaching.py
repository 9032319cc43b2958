"""Coaching sessions, coaches, bookings and notes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "coaching_session",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("places > 0", name=op.f("ck_coaching_session_places_are_counted")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_coaching_session_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_coaching_session_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_session")),
    )
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_session_call_id"), ["call_id"], unique=False)

    op.create_table(
        "coach",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coach_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["coaching_session.id"], name=op.f("fk_coach_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach")),
        sa.UniqueConstraint("session_id", "email", name=op.f("uq_coach_session_id_email")),
    )
    with op.batch_alter_table("coach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coach_person_id"), ["person_id"], unique=False)

    op.create_table(
        "coaching_booking",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["pitch_application.id"], name=op.f("fk_coaching_booking_application_id")
        ),
        sa.ForeignKeyConstraint(["booked_by_id"], ["person.id"], name=op.f("fk_coaching_booking_booked_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["coaching_session.id"], name=op.f("fk_coaching_booking_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_booking")),
    )
    with op.batch_alter_table("coaching_booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_booking_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_booking_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_coaching_booking_standing",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )

    op.create_table(
        "coaching_note",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_coaching_note_has_words")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_coaching_note_author_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["coaching_booking.id"], name=op.f("fk_coaching_note_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_note")),
    )
    with op.batch_alter_table("coaching_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_note_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_note_booking_id"), ["booking_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("coaching_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_note_booking_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_note_author_id"))

    op.drop_table("coaching_note")
    with op.batch_alter_table("coaching_booking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coaching_booking_standing",
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_coaching_booking_session_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_booking_application_id"))

    op.drop_table("coaching_booking")
    with op.batch_alter_table("coach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coach_person_id"))

    op.drop_table("coach")
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_session_call_id"))

    op.drop_table("coaching_session")

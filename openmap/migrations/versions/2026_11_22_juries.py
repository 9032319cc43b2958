"""Reviewers, the files given to them, and scores."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "pitch_reviewer",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name=op.f("ck_pitch_reviewer_answers_once")),
        sa.CheckConstraint(
            "accepted_at IS NULL OR person_id IS NOT NULL", name=op.f("ck_pitch_reviewer_accepted_is_somebody")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_pitch_reviewer_email_is_lower_case")),
        sa.CheckConstraint(
            "(extended_until IS NULL) = (extension_reason = '')", name=op.f("ck_pitch_reviewer_extension_has_reason")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_pitch_reviewer_call_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pitch_reviewer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_reviewer")),
        sa.UniqueConstraint("call_id", "email", name=op.f("uq_pitch_reviewer_call_id_email")),
        sa.UniqueConstraint("call_id", "person_id", name=op.f("uq_pitch_reviewer_call_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pitch_reviewer_token_hash")),
    )
    with op.batch_alter_table("pitch_reviewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_reviewer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "pitch_assignment",
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conflict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflict_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(conflict_at IS NULL) = (conflict_reason = '')", name=op.f("ck_pitch_assignment_conflict_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["pitch_application.id"], name=op.f("fk_pitch_assignment_application_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["pitch_reviewer.id"], name=op.f("fk_pitch_assignment_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_assignment")),
        sa.UniqueConstraint(
            "reviewer_id", "application_id", name=op.f("uq_pitch_assignment_reviewer_id_application_id")
        ),
    )
    with op.batch_alter_table("pitch_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_assignment_application_id"), ["application_id"], unique=False)

    op.create_table(
        "pitch_review",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("is_abstention", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT is_abstention OR submitted_at IS NOT NULL", name=op.f("ck_pitch_review_abstention_is_given")
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["pitch_assignment.id"], name=op.f("fk_pitch_review_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_review")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_pitch_review_assignment_id")),
    )
    op.create_table(
        "pitch_score",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["pitch_criterion.id"], name=op.f("fk_pitch_score_criterion_id")),
        sa.ForeignKeyConstraint(["review_id"], ["pitch_review.id"], name=op.f("fk_pitch_score_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_score")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_pitch_score_review_id_criterion_id")),
    )
    with op.batch_alter_table("pitch_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_score_criterion_id"), ["criterion_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("pitch_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_score_criterion_id"))

    op.drop_table("pitch_score")
    op.drop_table("pitch_review")
    with op.batch_alter_table("pitch_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_assignment_application_id"))

    op.drop_table("pitch_assignment")
    with op.batch_alter_table("pitch_reviewer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_reviewer_person_id"))

    op.drop_table("pitch_reviewer")

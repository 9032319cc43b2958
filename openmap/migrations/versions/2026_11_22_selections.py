"""Decisions, constraints and proposals of a selection."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "selection_constraint",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "structure-kind",
                "departement",
                "sector",
                "first-time",
                name="balancekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "at_least IS NOT NULL OR at_most IS NOT NULL", name=op.f("ck_selection_constraint_says_something")
        ),
        sa.CheckConstraint(
            "at_least IS NULL OR at_least > 0", name=op.f("ck_selection_constraint_at_least_is_counted")
        ),
        sa.CheckConstraint(
            "at_least IS NULL OR at_most IS NULL OR at_least <= at_most",
            name=op.f("ck_selection_constraint_bounds_are_in_order"),
        ),
        sa.CheckConstraint("at_most IS NULL OR at_most >= 0", name=op.f("ck_selection_constraint_at_most_is_counted")),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_selection_constraint_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_constraint")),
    )
    with op.batch_alter_table("selection_constraint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_constraint_call_id"), ["call_id"], unique=False)

    op.create_table(
        "selection_proposal",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("question_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_selection_proposal_call_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_selection_proposal_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_proposal")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_selection_proposal_call_id_number")),
    )
    op.create_table(
        "selection_change",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "decided",
                "rest",
                "adopted",
                "undone",
                "withdrawn",
                "released",
                "confirmed",
                "declined",
                "unanswered",
                "promoted",
                "late",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_selection_change_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_selection_change_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_change")),
        sa.UniqueConstraint("call_id", "version", name=op.f("uq_selection_change_call_id_version")),
    )
    op.create_table(
        "pitch_decision",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "selected", "reserve", "rejected", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reserve_rank", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_sha256", sa.String(length=64), nullable=False),
        sa.Column("mail_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_read_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'reserve') = (reserve_rank IS NOT NULL)", name=op.f("ck_pitch_decision_reserve_has_rank")
        ),
        sa.CheckConstraint(
            "(mail_sha256 = '') = (mail_read_at IS NULL)", name=op.f("ck_pitch_decision_read_mail_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["pitch_application.id"], name=op.f("fk_pitch_decision_application_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["pitch_call.id"], name=op.f("fk_pitch_decision_call_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_pitch_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["mail_read_by_id"], ["person.id"], name=op.f("fk_pitch_decision_mail_read_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_decision")),
        sa.UniqueConstraint("application_id", name=op.f("uq_pitch_decision_application_id")),
    )
    with op.batch_alter_table("pitch_decision", schema=None) as batch_op:
        batch_op.create_index("uq_pitch_decision_reserve_rank", ["call_id", "reserve_rank"], unique=True)

    op.create_table(
        "pitch_feedback",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_pitch_feedback_has_words")),
        sa.ForeignKeyConstraint(["decision_id"], ["pitch_decision.id"], name=op.f("fk_pitch_feedback_decision_id")),
        sa.ForeignKeyConstraint(["review_id"], ["pitch_review.id"], name=op.f("fk_pitch_feedback_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_feedback")),
        sa.UniqueConstraint("decision_id", "review_id", name=op.f("uq_pitch_feedback_decision_id_review_id")),
    )
    with op.batch_alter_table("pitch_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_feedback_review_id"), ["review_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("pitch_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_feedback_review_id"))

    op.drop_table("pitch_feedback")
    with op.batch_alter_table("pitch_decision", schema=None) as batch_op:
        batch_op.drop_index("uq_pitch_decision_reserve_rank")

    op.drop_table("pitch_decision")
    op.drop_table("selection_change")
    op.drop_table("selection_proposal")
    with op.batch_alter_table("selection_constraint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_constraint_call_id"))

    op.drop_table("selection_constraint")

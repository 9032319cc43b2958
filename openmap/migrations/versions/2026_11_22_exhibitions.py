"""Exhibition halls and stands."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "exhibition",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_exhibition_closes_after_it_opens")),
        sa.CheckConstraint("width > 0 AND depth > 0", name=op.f("ck_exhibition_hall_has_a_size")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_exhibition_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibition")),
        sa.UniqueConstraint("event_id", name=op.f("uq_exhibition_event_id")),
    )
    op.create_table(
        "stand",
        sa.Column("exhibition_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=10), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("exhibitor", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("x >= 0 AND y >= 0 AND width > 0 AND depth > 0", name=op.f("ck_stand_stand_is_in_the_hall")),
        sa.ForeignKeyConstraint(["exhibition_id"], ["exhibition.id"], name=op.f("fk_stand_exhibition_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_stand_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand")),
        sa.UniqueConstraint("exhibition_id", "label", name=op.f("uq_stand_exhibition_id_label")),
        sa.UniqueConstraint("exhibition_id", "registration_id", name=op.f("uq_stand_exhibition_id_registration_id")),
    )
    with op.batch_alter_table("stand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stand_registration_id"), ["registration_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("stand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stand_registration_id"))

    op.drop_table("stand")
    op.drop_table("exhibition")

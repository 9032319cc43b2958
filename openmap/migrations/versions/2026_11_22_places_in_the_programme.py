"""Lines of the programme whose places are reserved, and who reserved one or waits for one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change; nothing is reserved in the lines that are there."""
    with op.batch_alter_table("programme_item") as table:
        table.add_column(sa.Column("is_reserved", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_check_constraint(
            op.f("ck_programme_item_reserved_places_are_counted"), "NOT is_reserved OR capacity IS NOT NULL"
        )
    op.create_table(
        "line_reservation",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "given_at IS NULL OR given_at >= asked_at", name=op.f("ck_line_reservation_given_after_it_was_asked")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["programme_item.id"], name=op.f("fk_line_reservation_item_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_line_reservation_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_reservation")),
        sa.UniqueConstraint("item_id", "registration_id", name=op.f("uq_line_reservation_item_id_registration_id")),
    )
    with op.batch_alter_table("line_reservation") as table:
        table.create_index(op.f("ix_line_reservation_registration_id"), ["registration_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("line_reservation") as table:
        table.drop_index(op.f("ix_line_reservation_registration_id"))

    op.drop_table("line_reservation")
    with op.batch_alter_table("programme_item") as table:
        table.drop_constraint(op.f("ck_programme_item_reserved_places_are_counted"), type_="check")
    with op.batch_alter_table("programme_item") as table:
        table.drop_column("is_reserved")

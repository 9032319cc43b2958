"""Until when each chosen file confirms: one promoted from the reserve hears later than the others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COMMON = """
UPDATE pitch_application SET confirm_before = COALESCE(
    (SELECT pitch_call.confirm_before FROM pitch_call WHERE pitch_call.id = pitch_application.call_id),
    decided_at, submitted_at
) WHERE confirmation IS NOT NULL
"""


def upgrade() -> None:
    """Apply the change; files that were chosen before keep the deadline of all."""
    with op.batch_alter_table("pitch_application") as table:
        table.add_column(sa.Column("confirm_before", sa.DateTime(timezone=True), nullable=True))
    op.execute(COMMON)
    with op.batch_alter_table("pitch_application") as table:
        table.create_check_constraint(
            op.f("ck_pitch_application_asked_has_deadline"), "confirmation <> 'asked' OR confirm_before IS NOT NULL"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("pitch_application") as table:
        table.drop_constraint(op.f("ck_pitch_application_asked_has_deadline"), type_="check")
    with op.batch_alter_table("pitch_application") as table:
        table.drop_column("confirm_before")

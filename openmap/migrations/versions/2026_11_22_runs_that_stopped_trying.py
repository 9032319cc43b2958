"""Whether a run tried every change that could unlock a request."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("all_tried", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("run") as table:
        table.drop_column("all_tried")

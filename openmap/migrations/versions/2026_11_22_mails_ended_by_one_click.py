"""The address that ends mails of a kind when a mail program posts to it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("unsubscribe", sa.String(length=500), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_column("unsubscribe")

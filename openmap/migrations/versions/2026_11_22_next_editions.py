"""Who wants to hear of the next morning."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "next_edition_wish",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(
                "green-spaces",
                "health-social",
                "repair",
                "laundry",
                "security",
                "agri-food",
                "cleaning",
                "construction",
                "administration",
                "it",
                "furnishing",
                "communication",
                "industry",
                "transport",
                "waste",
                "recycling",
                "culture",
                "consulting",
                "personal-services",
                "catering",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_next_edition_wish_email_is_lower_case")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_next_edition_wish_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_edition_wish")),
        sa.UniqueConstraint("nonce", name=op.f("uq_next_edition_wish_nonce")),
    )
    with op.batch_alter_table("next_edition_wish", schema=None) as batch_op:
        batch_op.create_index("uq_next_edition_wish", ["series_id", "email", "sector"], unique=True)
        batch_op.create_index(
            "uq_next_edition_wish_any_sector",
            ["series_id", "email"],
            unique=True,
            sqlite_where=sa.text("sector IS NULL"),
            postgresql_where=sa.text("sector IS NULL"),
        )

    op.create_table(
        "edition_news",
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_edition_news_event_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["next_edition_wish.id"], name=op.f("fk_edition_news_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_news")),
        sa.UniqueConstraint("wish_id", "event_id", name=op.f("uq_edition_news_wish_id_event_id")),
    )
    with op.batch_alter_table("edition_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_news_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("edition_news", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_news_event_id"))

    op.drop_table("edition_news")
    with op.batch_alter_table("next_edition_wish", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_next_edition_wish_any_sector",
            sqlite_where=sa.text("sector IS NULL"),
            postgresql_where=sa.text("sector IS NULL"),
        )
        batch_op.drop_index("uq_next_edition_wish")

    op.drop_table("next_edition_wish")

"""roadmaps, needs, followed sectors."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "follower",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follower_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("person_id", name=op.f("uq_follower_person_id")),
    )
    op.create_table(
        "roadmap",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_roadmap_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_roadmap_organisation_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_roadmap_slug")),
    )
    op.create_table(
        "followed_sector",
        sa.Column("follower_id", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name=op.f("fk_followed_sector_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_sector")),
        sa.UniqueConstraint("follower_id", "sector", name=op.f("uq_followed_sector_follower_id_sector")),
    )
    op.create_table(
        "hidden_roadmap",
        sa.Column("roadmap_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_hidden_roadmap_event_id")),
        sa.ForeignKeyConstraint(["roadmap_id"], ["roadmap.id"], name=op.f("fk_hidden_roadmap_roadmap_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_roadmap")),
        sa.UniqueConstraint("roadmap_id", "event_id", name=op.f("uq_hidden_roadmap_roadmap_id_event_id")),
    )
    op.create_index(op.f("ix_hidden_roadmap_event_id"), "hidden_roadmap", ["event_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("roadmap_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "archived", name="needstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
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
            nullable=False,
        ),
        sa.Column(
            "service",
            sa.Enum(
                "placement", "provision", "goods", name="service", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("amount_low", sa.Integer(), nullable=True),
        sa.Column("amount_high", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("lot_count", sa.Integer(), nullable=True),
        sa.Column(
            "clause",
            sa.Enum(
                "insertion",
                "reserved",
                "criterion",
                "none",
                "to-study",
                name="socialclause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_open_to_cocontracting", sa.Boolean(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_need_publication_has_time")
        ),
        sa.CheckConstraint("amount_low <= amount_high", name=op.f("ck_need_amounts_are_in_order")),
        sa.CheckConstraint("amount_low >= 0 AND amount_high >= 0", name=op.f("ck_need_amounts_are_positive")),
        sa.CheckConstraint("lot_count >= 1", name=op.f("ck_need_lots_count_from_1")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_need_contact_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["roadmap_id"], ["roadmap.id"], name=op.f("fk_need_roadmap_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("roadmap_id", "reference", name=op.f("uq_need_roadmap_id_reference")),
    )
    op.create_index(op.f("ix_need_contact_id"), "need", ["contact_id"], unique=False)
    op.create_index("ix_need_published_at", "need", ["published_at"], unique=False)
    op.create_index("ix_need_state_quarter", "need", ["state", "quarter"], unique=False)
    op.create_table(
        "need_sheet",
        sa.Column("roadmap_id", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["roadmap_id"], ["roadmap.id"], name=op.f("fk_need_sheet_roadmap_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_need_sheet_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_sheet")),
    )
    op.create_index(op.f("ix_need_sheet_created_at"), "need_sheet", ["created_at"], unique=False)
    op.create_index(op.f("ix_need_sheet_roadmap_id"), "need_sheet", ["roadmap_id"], unique=False)
    op.create_index(op.f("ix_need_sheet_sent_by_id"), "need_sheet", ["sent_by_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_need_sheet_sent_by_id"), table_name="need_sheet")
    op.drop_index(op.f("ix_need_sheet_roadmap_id"), table_name="need_sheet")
    op.drop_index(op.f("ix_need_sheet_created_at"), table_name="need_sheet")
    op.drop_table("need_sheet")
    op.drop_index("ix_need_state_quarter", table_name="need")
    op.drop_index("ix_need_published_at", table_name="need")
    op.drop_index(op.f("ix_need_contact_id"), table_name="need")
    op.drop_table("need")
    op.drop_index(op.f("ix_hidden_roadmap_event_id"), table_name="hidden_roadmap")
    op.drop_table("hidden_roadmap")
    op.drop_table("followed_sector")
    op.drop_table("roadmap")
    op.drop_table("follower")

"""profiles and stored files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "stored_file",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_file_is_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )

    op.create_table(
        "profile",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("services", sa.String(length=500), nullable=False),
        sa.Column("sectors", sa.String(length=500), nullable=False),
        sa.Column(
            "area",
            sa.Enum(
                "departements",
                "region",
                "country",
                name="areakind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("departements", sa.String(length=500), nullable=False),
        sa.Column(
            "legal_form",
            sa.Enum(
                "association",
                "scop",
                "scic",
                "cooperative",
                "sarl",
                "sas",
                "sa",
                "fondation",
                "mutuelle",
                "groupement",
                "public",
                "entreprise-individuelle",
                name="legalform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("insertion_count", sa.Integer(), nullable=True),
        sa.Column("past_work", sa.Text(), nullable=False),
        sa.Column("labels", sa.String(length=500), nullable=False),
        sa.Column("other_labels", sa.String(length=300), nullable=False),
        sa.Column("networks", sa.String(length=500), nullable=False),
        sa.Column("other_networks", sa.String(length=300), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("logo_alt", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "insertion_count IS NULL OR (insertion_count >= 0 AND insertion_count <= staff_count)",
            name=op.f("ck_profile_insertion_is_part_of_staff"),
        ),
        sa.CheckConstraint("staff_count IS NULL OR staff_count >= 0", name=op.f("ck_profile_staff_is_counted")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_profile_savings_are_counted")),
        sa.ForeignKeyConstraint(["logo_id"], ["stored_file.id"], name=op.f("fk_profile_logo_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_profile_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_profile_organisation_id")),
    )
    op.create_index(op.f("ix_profile_logo_id"), "profile", ["logo_id"], unique=False)
    op.create_table(
        "profile_desk",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sectors", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_profile_desk_desk_has_a_name")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_desk_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_desk")),
        sa.UniqueConstraint("profile_id", "name", name=op.f("uq_profile_desk_profile_id_name")),
    )
    op.create_table(
        "profile_document",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_profile_document_document_has_a_title")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_profile_document_file_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_document_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_document")),
    )
    op.create_index(op.f("ix_profile_document_file_id"), "profile_document", ["file_id"], unique=False)
    op.create_index(op.f("ix_profile_document_profile_id"), "profile_document", ["profile_id"], unique=False)
    op.create_table(
        "profile_version",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_version_profile_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_profile_version_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
        sa.UniqueConstraint("profile_id", "number", name=op.f("uq_profile_version_profile_id_number")),
    )
    op.create_index(op.f("ix_profile_version_saved_by_id"), "profile_version", ["saved_by_id"], unique=False)
    op.create_table(
        "profile_desk_seat",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_profile_desk_seat_contact_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["profile_desk.id"], name=op.f("fk_profile_desk_seat_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_desk_seat")),
        sa.UniqueConstraint("desk_id", "contact_id", name=op.f("uq_profile_desk_seat_desk_id_contact_id")),
    )
    op.create_index(op.f("ix_profile_desk_seat_contact_id"), "profile_desk_seat", ["contact_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_profile_desk_seat_contact_id"), table_name="profile_desk_seat")
    op.drop_table("profile_desk_seat")
    op.drop_index(op.f("ix_profile_version_saved_by_id"), table_name="profile_version")
    op.drop_table("profile_version")
    op.drop_index(op.f("ix_profile_document_profile_id"), table_name="profile_document")
    op.drop_index(op.f("ix_profile_document_file_id"), table_name="profile_document")
    op.drop_table("profile_document")
    op.drop_table("profile_desk")
    op.drop_index(op.f("ix_profile_logo_id"), table_name="profile")
    op.drop_table("profile")
    op.drop_table("stored_file")

"""invitations, roles of contacts, merged organisations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    # Plain ALTERs: a table that others refer to must not be written anew under SQLite.
    op.add_column("contact", sa.Column("is_main", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("contact", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_contact_one_main",
        "contact",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("is_main"),
        postgresql_where=sa.text("is_main"),
    )
    # Someone who was an organisation's only contact speaks for it, where an organiser let them in.
    op.execute(
        "UPDATE contact SET is_main = true WHERE EXISTS (SELECT 1 FROM registration"
        " WHERE registration.contact_id = contact.id AND registration.state = 'approved')"
        " AND NOT EXISTS (SELECT 1 FROM contact AS other"
        " WHERE other.organisation_id = contact.organisation_id AND other.id <> contact.id)"
    )
    op.create_table(
        "contact_role",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "meetings",
                "profile",
                "pitch",
                "administration",
                name="contactrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_role_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_role")),
        sa.UniqueConstraint("contact_id", "role", name=op.f("uq_contact_role_contact_id_role")),
    )
    op.create_table(
        "colleague_invitation",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_colleague_invitation_ends_once")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_colleague_invitation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_colleague_invitation_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_colleague_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_colleague_invitation_organisation_id"), "colleague_invitation", ["organisation_id"], unique=False
    )
    op.create_table(
        "merged_organisation",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("organisation_id <> into_id", name=op.f("ck_merged_organisation_two")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_merged_organisation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["into_id"], ["organisation.id"], name=op.f("fk_merged_organisation_into_id")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["person.id"], name=op.f("fk_merged_organisation_merged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_organisation")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_merged_organisation_organisation_id")),
    )
    op.create_index(op.f("ix_merged_organisation_into_id"), "merged_organisation", ["into_id"], unique=False)
    op.create_table(
        "distinct_organisations",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinct_organisations_in_order")),
        sa.ForeignKeyConstraint(["first_id"], ["organisation.id"], name=op.f("fk_distinct_organisations_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["organisation.id"], name=op.f("fk_distinct_organisations_second_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_distinct_organisations_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_organisations")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_organisations_first_id_second_id")),
    )
    _create_invitations()


def _create_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "buyer",
                "structure",
                "partner",
                "visitor",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("last_mail_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminder_count", sa.Integer(), nullable=False),
        sa.Column("reminded_by_itself_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_is_lower_case")),
        sa.CheckConstraint("siret IS NULL OR length(siret) = 14", name=op.f("ck_invitation_siret_has_14_digits")),
        sa.CheckConstraint("reminder_count >= 0", name=op.f("ck_invitation_reminders_are_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_invitation_event_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["registration_draft.id"], name=op.f("fk_invitation_draft_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("event_id", "email", name=op.f("uq_invitation_event_id_email")),
        sa.UniqueConstraint("nonce", name=op.f("uq_invitation_nonce")),
    )
    op.create_index(op.f("ix_invitation_draft_id"), "invitation", ["draft_id"], unique=False)
    op.create_table(
        "guest_sheet",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_guest_sheet_event_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_guest_sheet_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_sheet")),
    )
    op.create_index(op.f("ix_guest_sheet_event_id"), "guest_sheet", ["event_id"], unique=False)
    op.create_index(op.f("ix_guest_sheet_created_at"), "guest_sheet", ["created_at"], unique=False)
    op.create_table(
        "invitation_reminder_rule",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_before BETWEEN 1 AND 60", name=op.f("ck_invitation_reminder_rule_within_two_months")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_invitation_reminder_rule_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_reminder_rule")),
        sa.UniqueConstraint("event_id", name=op.f("uq_invitation_reminder_rule_event_id")),
    )
    op.create_table(
        "invitation_opt_out",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_opt_out")),
        sa.UniqueConstraint("email", name=op.f("uq_invitation_opt_out_email")),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in (
        "invitation_opt_out",
        "invitation_reminder_rule",
        "guest_sheet",
        "invitation",
        "distinct_organisations",
        "merged_organisation",
        "colleague_invitation",
        "contact_role",
    ):
        op.drop_table(table)
    op.drop_index("uq_contact_one_main", table_name="contact")
    op.drop_column("contact", "left_at")
    op.drop_column("contact", "is_main")

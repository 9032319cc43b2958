"""requests of several structures, among structures, estimates."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


STATES = ("proposed", "sent", "preferred", "accepted", "declined", "withdrawn")
CAUSES = ("no-need", "under-contract", "other-service", "known", "too-far", "other")
STRUCTURES = (
    "EI",
    "AI",
    "ACI",
    "ETTI",
    "EITI",
    "GEIQ",
    "SEP",
    "EA",
    "EATT",
    "ESAT",
    "COOP",
    "ASSO",
    "ESUS",
    "TPE",
    "PME",
    "ETI",
    "START-UP",
    "AUTRE",
)
SECTORS = (
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
)
KINDS = ("buyer", "structure", "partner", "visitor")
GROUP_QUOTAS = ("leader", "everyone")
INVITATIONS = ("sent", "accepted", "declined", "withdrawn")
MEMBERS = ("invited", "accepted", "refused", "late")
NEW_TABLES = (
    "demand_estimate",
    "desk_digest",
    "meeting_invitation",
    "request_member",
    "request_quota",
    "request_ban",
    "request_rules",
    "recurring_task",
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "recurring_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurring_task")),
        sa.UniqueConstraint("name", name=op.f("uq_recurring_task_name")),
    )
    with op.batch_alter_table("meeting_request") as batch_op:
        batch_op.add_column(sa.Column("decline_cause", _words("declinecause", CAUSES), nullable=True))
        batch_op.add_column(sa.Column("need_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_meeting_request_need_id"), "need", ["need_id"], ["id"])
        batch_op.create_index("ix_meeting_request_need_id", ["need_id"])
        batch_op.add_column(sa.Column("is_outside_quota", sa.Boolean(), server_default=sa.false(), nullable=False))
    _set_states(STATES)
    _create_tables()


def downgrade() -> None:
    """Take the change back; what was still proposed goes with it."""
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute(
        "UPDATE meeting_request SET state = 'withdrawn', rank = NULL, withdrawn_at = sent_at WHERE state = 'proposed'"
    )
    _set_states(STATES[1:])
    with op.batch_alter_table("meeting_request") as batch_op:
        batch_op.drop_constraint(op.f("ck_meeting_request_declinecause"), type_="check")
        batch_op.drop_index("ix_meeting_request_need_id")
        batch_op.drop_constraint(op.f("fk_meeting_request_need_id"), type_="foreignkey")
        batch_op.drop_column("need_id")
        batch_op.drop_column("decline_cause")
        batch_op.drop_column("is_outside_quota")


def _words(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _set_states(words: Sequence[str]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("meeting_request") as batch_op:
        batch_op.drop_constraint(op.f("ck_meeting_request_requeststate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_meeting_request_requeststate"), f"state IN ({listed})")


def _create_tables() -> None:
    op.create_table(
        "request_ban",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "structure_kind",
            _words("structurekind", STRUCTURES),
            nullable=True,
        ),
        sa.Column(
            "sector",
            _words("sector", SECTORS),
            nullable=True,
        ),
        sa.Column(
            "asked_kind",
            _words("organisationkind", KINDS),
            nullable=True,
        ),
        sa.Column(
            "asked_sector",
            _words("askedsector", SECTORS),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_request_ban_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_ban")),
    )
    with op.batch_alter_table("request_ban", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_ban_event_id"), ["event_id"], unique=False)

    op.create_table(
        "request_quota",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "structure_kind",
            _words("structurekind", STRUCTURES),
            nullable=False,
        ),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("quota >= 0", name=op.f("ck_request_quota_quota_is_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_request_quota_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_quota")),
        sa.UniqueConstraint("event_id", "structure_kind", name=op.f("uq_request_quota_event_id_structure_kind")),
    )
    op.create_table(
        "request_rules",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("motive_required", sa.Boolean(), nullable=False),
        sa.Column("groups_allowed", sa.Boolean(), nullable=False),
        sa.Column("group_size", sa.Integer(), nullable=False),
        sa.Column(
            "group_quota",
            _words("groupquota", GROUP_QUOTAS),
            nullable=False,
        ),
        sa.Column("peers_allowed", sa.Boolean(), nullable=False),
        sa.Column("invitation_limit", sa.Integer(), nullable=False),
        sa.Column("invitations_count", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("group_size BETWEEN 2 AND 3", name=op.f("ck_request_rules_two_or_three_structures")),
        sa.CheckConstraint("invitation_limit >= 0", name=op.f("ck_request_rules_invitations_are_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_request_rules_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_rules")),
        sa.UniqueConstraint("event_id", name=op.f("uq_request_rules_event_id")),
    )
    op.create_table(
        "desk_digest",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_digest_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_digest")),
        sa.UniqueConstraint("desk_id", name=op.f("uq_desk_digest_desk_id")),
    )
    op.create_table(
        "meeting_invitation",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "state",
            _words("invitationstate", INVITATIONS),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)",
            name=op.f("ck_meeting_invitation_answer_has_time"),
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_meeting_invitation_desk_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_meeting_invitation_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitation")),
        sa.UniqueConstraint("desk_id", "registration_id", name=op.f("uq_meeting_invitation_desk_id_registration_id")),
    )
    with op.batch_alter_table("meeting_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_invitation_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "demand_estimate",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("asking", sa.Integer(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= low AND low <= high AND high <= 10", name=op.f("ck_demand_estimate_chances_out_of_ten")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_demand_estimate_event_id")),
        sa.ForeignKeyConstraint(["request_id"], ["meeting_request.id"], name=op.f("fk_demand_estimate_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_estimate")),
        sa.UniqueConstraint("request_id", name=op.f("uq_demand_estimate_request_id")),
    )
    with op.batch_alter_table("demand_estimate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_estimate_event_id"), ["event_id"], unique=False)

    op.create_table(
        "request_member",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _words("memberstate", MEMBERS),
            nullable=False,
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('accepted', 'refused')) = (answered_at IS NOT NULL)",
            name=op.f("ck_request_member_answer_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_request_member_registration_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["meeting_request.id"], name=op.f("fk_request_member_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_member")),
        sa.UniqueConstraint("request_id", "registration_id", name=op.f("uq_request_member_request_id_registration_id")),
    )
    with op.batch_alter_table("request_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_member_registration_id"), ["registration_id"], unique=False)

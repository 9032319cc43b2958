"""Rooms, speakers and the timer of a programme; unavailability that comes from it; mornings being prepared."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("welcome", "round-table", "pitches", "meetings", "other")
NEW_KINDS = ("workshop", "exhibition", "break")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "appearance",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "speaker",
                "moderator",
                "panellist",
                "pitch",
                name="appearancerole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "registration_id IS NOT NULL OR person_name <> ''", name=op.f("ck_appearance_somebody_appears")
        ),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_appearance_minutes_are_counted")),
        sa.CheckConstraint("position > 0", name=op.f("ck_appearance_position_counts_from_1")),
        sa.ForeignKeyConstraint(["item_id"], ["programme_item.id"], name=op.f("fk_appearance_item_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_appearance_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearance")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_appearance_item_id_position")),
    )
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appearance_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(
            "uq_appearance_once_a_line",
            ["item_id", "registration_id"],
            unique=True,
            sqlite_where=sa.text("registration_id IS NOT NULL"),
            postgresql_where=sa.text("registration_id IS NOT NULL"),
        )

    op.create_table(
        "stage_clock",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("appearance_id", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(paused_at IS NULL) OR (paused_at >= started_at)", name=op.f("ck_stage_clock_paused_after_its_start")
        ),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_stage_clock_seconds_are_counted")),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_stage_clock_appearance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_stage_clock_event_id")),
        sa.ForeignKeyConstraint(["item_id"], ["programme_item.id"], name=op.f("fk_stage_clock_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_clock")),
        sa.UniqueConstraint("event_id", name=op.f("uq_stage_clock_event_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_draft", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_event_copied_from_id"), "event", ["copied_from_id"], ["id"])

    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("description", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_programme_item_capacity_is_counted"), "capacity IS NULL OR capacity > 0"
        )
    _set_kinds((*KINDS[:-1], *NEW_KINDS, KINDS[-1]))

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_unavailability_registration_id_slot_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_unavailability_item_id"), ["item_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_unavailability_registration_id_slot_id_item_id"), ["registration_id", "slot_id", "item_id"]
        )
        batch_op.create_index(
            "uq_unavailability_said_once",
            ["registration_id", "slot_id"],
            unique=True,
            sqlite_where=sa.text("item_id IS NULL"),
            postgresql_where=sa.text("item_id IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_unavailability_item_id"), "programme_item", ["item_id"], ["id"])


def downgrade() -> None:
    """Take the change back; a line of a new kind is another time of the morning again."""
    op.execute("DELETE FROM unavailability WHERE item_id IS NOT NULL")
    op.execute("UPDATE programme_item SET kind = 'other' WHERE kind IN ('workshop', 'exhibition', 'break')")
    _set_kinds(KINDS)
    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_unavailability_item_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_unavailability_said_once",
            sqlite_where=sa.text("item_id IS NULL"),
            postgresql_where=sa.text("item_id IS NULL"),
        )
        batch_op.drop_constraint(batch_op.f("uq_unavailability_registration_id_slot_id_item_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_unavailability_item_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_unavailability_registration_id_slot_id"), ["registration_id", "slot_id"]
        )
        batch_op.drop_column("item_id")

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("description")

    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_programme_item_capacity_is_counted"), type_="check")
        batch_op.drop_column("sequence")
        batch_op.drop_column("capacity")
        batch_op.drop_column("description")
        batch_op.drop_column("room")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_event_copied_from_id"), type_="foreignkey")
        batch_op.drop_column("is_draft")
        batch_op.drop_column("copied_from_id")

    op.drop_table("stage_clock")
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appearance_once_a_line",
            sqlite_where=sa.text("registration_id IS NOT NULL"),
            postgresql_where=sa.text("registration_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_appearance_registration_id"))

    op.drop_table("appearance")


def _set_kinds(kinds: Sequence[str]) -> None:
    """Say anew which kinds a line of the programme may be of."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("programme_item") as batch_op:
        batch_op.drop_constraint(op.f("ck_programme_item_programmekind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_programme_item_programmekind"), f"kind IN ({listed})")

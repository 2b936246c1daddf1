"""Staff logins"""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC
from feedback.sealing import Sealed

revision = "0007_login"
down_revision = "0006_inbound_album"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login",
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("email", sa.String(200)),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_key", Sealed()),
        sa.Column("totp_counter", sa.Integer()),
        sa.Column("recovery_codes", sa.JSON(), nullable=False),
        sa.Column("last_login_at", UTC()),
        sa.Column("created_at", UTC(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_login_officer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_login"),
        sa.UniqueConstraint("officer_id", name="uq_login_officer_id"),
        sa.UniqueConstraint("username", name="uq_login_username"),
        sa.UniqueConstraint("email", name="uq_login_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_login_fs_uniquifier"),
    )


def downgrade() -> None:
    op.drop_table("login")

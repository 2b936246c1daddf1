"""Residents ask for a dialogue; a question passed on becomes a petition."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC
from feedback.sealing import Sealed

revision = '0027_requests'
down_revision = '0026_persons'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dialogue_request',
    sa.Column('ward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('voter', sa.String(length=48), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('name', Sealed(), nullable=False),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('channel', sa.Enum('web', 'telegram', 'zalo', 'console', 'email', 'phone', 'paper', 'desk', 'reception', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['officer.id'], name=op.f('fk_dialogue_request_entered_by_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_dialogue_request_neighbourhood_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['ward.id'], name=op.f('fk_dialogue_request_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_request')),
    sa.UniqueConstraint('ward_id', 'round', 'voter', name=op.f('uq_dialogue_request_ward_id_round_voter'))
    )
    # Added in place: to rebuild the table would rebuild what points at it.
    reference = "CONSTRAINT fk_question_petition_id REFERENCES petition (id)"
    key = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE question ADD COLUMN petition_id {key} {reference}")


def downgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_petition_id"), type_="foreignkey")
        batch_op.drop_column("petition_id")
    op.drop_table("dialogue_request")

"""Receiving residents: the timetable, its days, who came."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC
from feedback.sealing import Sealed

revision = '0025_reception'
down_revision = '0024_hours'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reception_rule',
    sa.Column('ward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('slot_minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('attending', sa.JSON(), nullable=False),
    sa.Column('topics', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('created_at', UTC(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['officer.id'], name=op.f('fk_reception_rule_created_by_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['ward.id'], name=op.f('fk_reception_rule_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reception_rule'))
    )
    with op.batch_alter_table('reception_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reception_rule_ward_id'), ['ward_id'], unique=False)

    op.create_table('reception_day',
    sa.Column('ward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('regular', 'extraordinary', name='daykind', native_enum=False, length=32), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', name='mode', native_enum=False, length=32), nullable=False),
    sa.Column('status', sa.Enum('planned', 'published', 'open', 'held', name='daystatus', native_enum=False, length=32), nullable=False),
    sa.Column('opens_at', UTC(), nullable=False),
    sa.Column('closes_at', UTC(), nullable=False),
    sa.Column('slot_minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('attending', sa.JSON(), nullable=False),
    sa.Column('topics', sa.Text(), nullable=False),
    sa.Column('online_url', sa.String(length=300), nullable=False),
    sa.Column('online_ground', sa.String(length=32), nullable=False),
    sa.Column('checklist', sa.JSON(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('created_at', UTC(), nullable=False),
    sa.Column('published_at', UTC(), nullable=True),
    sa.Column('begun_at', UTC(), nullable=True),
    sa.Column('ended_at', UTC(), nullable=True),
    sa.Column('received_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_by_chair', sa.Boolean(), nullable=False),
    sa.Column('notice_sign', sa.String(length=60), nullable=False),
    sa.Column('remind_at', UTC(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_reception_day_order')),
    sa.CheckConstraint('slot_minutes > 0', name=op.f('ck_reception_day_slot')),
    sa.ForeignKeyConstraint(['received_by_id'], ['officer.id'], name=op.f('fk_reception_day_received_by_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['reception_rule.id'], name=op.f('fk_reception_day_rule_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['ward.id'], name=op.f('fk_reception_day_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reception_day')),
    sa.UniqueConstraint('rule_id', 'planned_on', name=op.f('uq_reception_day_rule_id_planned_on'))
    )
    with op.batch_alter_table('reception_day', schema=None) as batch_op:
        batch_op.create_index('ix_reception_day_ward', ['ward_id', 'opens_at'], unique=False)

    op.create_table('reception_event',
    sa.Column('day_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('has_override', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['day_id'], ['reception_day.id'], name=op.f('fk_reception_event_day_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_reception_event_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reception_event'))
    )
    with op.batch_alter_table('reception_event', schema=None) as batch_op:
        batch_op.create_index('ix_reception_event_day', ['day_id', 'id'], unique=False)

    op.create_table('reception_visit',
    sa.Column('day_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Enum('booked', 'waiting', 'inside', 'done', 'refused', 'absent', 'left', name='visitstate', native_enum=False, length=32), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('name', Sealed(), nullable=False),
    sa.Column('phone', Sealed(), nullable=True),
    sa.Column('phone_hash', sa.String(length=40), nullable=True),
    sa.Column('address', Sealed(), nullable=True),
    sa.Column('id_number', Sealed(), nullable=True),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('phan_anh', 'kien_nghi', 'hoi_dap', 'khen_ngoi', 'khieu_nai', 'to_cao', name='kind', native_enum=False, length=32), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('channel', sa.Enum('web', 'telegram', 'zalo', 'console', 'email', 'phone', 'paper', 'desk', 'reception', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('submission_key', sa.String(length=80), nullable=True),
    sa.Column('booked_at', UTC(), nullable=False),
    sa.Column('arrived_at', UTC(), nullable=True),
    sa.Column('called_at', UTC(), nullable=True),
    sa.Column('done_at', UTC(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('decided_before', sa.String(length=300), nullable=False),
    sa.Column('is_ours', sa.Boolean(), nullable=False),
    sa.Column('guided_to', sa.String(length=300), nullable=False),
    sa.Column('taken_by', sa.String(length=300), nullable=False),
    sa.Column('remarks', sa.String(length=300), nullable=False),
    sa.Column('ground', sa.String(length=32), nullable=False),
    sa.Column('refused_on', sa.Date(), nullable=True),
    sa.Column('notice_sign', sa.String(length=60), nullable=False),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('position_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('petition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_reception_visit_contact_id')),
    sa.ForeignKeyConstraint(['day_id'], ['reception_day.id'], name=op.f('fk_reception_visit_day_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['officer.id'], name=op.f('fk_reception_visit_entered_by_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_reception_visit_neighbourhood_id')),
    sa.ForeignKeyConstraint(['petition_id'], ['petition.id'], name=op.f('fk_reception_visit_petition_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_reception_visit_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reception_visit')),
    sa.UniqueConstraint('day_id', 'code', name=op.f('uq_reception_visit_day_id_code')),
    sa.UniqueConstraint('day_id', 'number', name=op.f('uq_reception_visit_day_id_number')),
    sa.UniqueConstraint('day_id', 'slot', name=op.f('uq_reception_visit_day_id_slot')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_reception_visit_submission_key')),
    sa.UniqueConstraint('token', name=op.f('uq_reception_visit_token'))
    )
    with op.batch_alter_table('reception_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reception_visit_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_reception_visit_day', ['day_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_reception_visit_petition_id'), ['petition_id'], unique=False)
        batch_op.create_index('ix_reception_visit_phone', ['day_id', 'phone_hash'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('reception_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_reception_visit_phone')
        batch_op.drop_index(batch_op.f('ix_reception_visit_petition_id'))
        batch_op.drop_index('ix_reception_visit_day')
        batch_op.drop_index(batch_op.f('ix_reception_visit_contact_id'))

    op.drop_table('reception_visit')
    with op.batch_alter_table('reception_event', schema=None) as batch_op:
        batch_op.drop_index('ix_reception_event_day')

    op.drop_table('reception_event')
    with op.batch_alter_table('reception_day', schema=None) as batch_op:
        batch_op.drop_index('ix_reception_day_ward')

    op.drop_table('reception_day')
    with op.batch_alter_table('reception_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reception_rule_ward_id'))

    op.drop_table('reception_rule')

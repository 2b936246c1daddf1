"""Public dialogue: sessions, registrations, questions, promises, duties."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC
from feedback.sealing import Sealed

revision = '0017_dialogue'
down_revision = '0016_relative'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dialogue',
    sa.Column('ward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('status', sa.Enum('draft', 'announced', 'questions', 'live', 'held', 'published', 'closed', 'cancelled', name='status', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('theme', sa.Text(), nullable=False),
    sa.Column('mode', sa.Enum('in_person', 'online', 'both', name='mode', native_enum=False, length=32), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lng', sa.Double(), nullable=True),
    sa.Column('access', sa.Text(), nullable=False),
    sa.Column('online_url', sa.String(length=300), nullable=False),
    sa.Column('starts_at', UTC(), nullable=False),
    sa.Column('ends_at', UTC(), nullable=False),
    sa.Column('agenda', sa.JSON(), nullable=False),
    sa.Column('presiding', sa.JSON(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('seats_taken', sa.Integer(), nullable=False),
    sa.Column('petition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('repeats', sa.String(length=200), nullable=False),
    sa.Column('created_at', UTC(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('updated_at', UTC(), nullable=False),
    sa.Column('announced_at', UTC(), nullable=True),
    sa.Column('started_at', UTC(), nullable=True),
    sa.Column('held_at', UTC(), nullable=True),
    sa.Column('published_at', UTC(), nullable=True),
    sa.Column('closed_at', UTC(), nullable=True),
    sa.Column('cancelled_at', UTC(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('remind_at', UTC(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('seats IS NULL OR seats_taken <= seats', name=op.f('ck_dialogue_seats')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_dialogue_order')),
    sa.ForeignKeyConstraint(['created_by_id'], ['officer.id'], name=op.f('fk_dialogue_created_by_id')),
    sa.ForeignKeyConstraint(['petition_id'], ['petition.id'], name=op.f('fk_dialogue_petition_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['ward.id'], name=op.f('fk_dialogue_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue')),
    sa.UniqueConstraint('uid', name=op.f('uq_dialogue_uid'))
    )
    with op.batch_alter_table('dialogue', schema=None) as batch_op:
        batch_op.create_index('ix_dialogue_remind', ['remind_at'], unique=False, sqlite_where=sa.text('remind_at IS NOT NULL'), postgresql_where=sa.text('remind_at IS NOT NULL'))
        batch_op.create_index('ix_dialogue_ward', ['ward_id', 'starts_at'], unique=False)

    op.create_table('dialogue_event',
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('has_override', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_dialogue_event_dialogue_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_dialogue_event_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_event'))
    )
    with op.batch_alter_table('dialogue_event', schema=None) as batch_op:
        batch_op.create_index('ix_dialogue_event_dialogue', ['dialogue_id', 'id'], unique=False)

    op.create_table('registration',
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Enum('seated', 'waiting', 'left', name='seat', native_enum=False, length=32), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('is_online', sa.Boolean(), nullable=False),
    sa.Column('name', Sealed(), nullable=False),
    sa.Column('phone', Sealed(), nullable=True),
    sa.Column('phone_hash', sa.String(length=40), nullable=True),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.Enum('web', 'telegram', 'zalo', 'console', 'email', 'phone', 'paper', 'desk', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('submission_key', sa.String(length=80), nullable=True),
    sa.Column('registered_at', UTC(), nullable=False),
    sa.Column('promoted_at', UTC(), nullable=True),
    sa.Column('left_at', UTC(), nullable=True),
    sa.Column('checked_in_at', UTC(), nullable=True),
    sa.Column('checked_in_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('check_key', sa.String(length=80), nullable=True),
    sa.Column('called_sequence', sa.Integer(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('people BETWEEN 1 AND 10', name=op.f('ck_registration_people')),
    sa.ForeignKeyConstraint(['checked_in_by_id'], ['officer.id'], name=op.f('fk_registration_checked_in_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_registration_contact_id')),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_registration_dialogue_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['officer.id'], name=op.f('fk_registration_entered_by_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_registration_neighbourhood_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('check_key', name=op.f('uq_registration_check_key')),
    sa.UniqueConstraint('dialogue_id', 'code', name=op.f('uq_registration_dialogue_id_code')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_registration_submission_key')),
    sa.UniqueConstraint('token', name=op.f('uq_registration_token'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_registration_phone', ['dialogue_id', 'phone_hash'], unique=False)
        batch_op.create_index('ix_registration_queue', ['dialogue_id', 'state', 'id'], unique=False)

    op.create_table('dialogue_reach',
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('confirmed_at', UTC(), nullable=True),
    sa.Column('confirmed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('told_at', UTC(), nullable=True),
    sa.Column('where', sa.String(length=300), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['officer.id'], name=op.f('fk_dialogue_reach_confirmed_by_id')),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_dialogue_reach_dialogue_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_dialogue_reach_file_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_dialogue_reach_neighbourhood_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_reach')),
    sa.UniqueConstraint('dialogue_id', 'neighbourhood_id', name=op.f('uq_dialogue_reach_dialogue_id_neighbourhood_id'))
    )
    with op.batch_alter_table('dialogue_reach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dialogue_reach_neighbourhood_id'), ['neighbourhood_id'], unique=False)

    op.create_table('dialogue_survey',
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('heard', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('believed', sa.Integer(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_dialogue_survey_dialogue_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_dialogue_survey_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_survey')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_dialogue_survey_registration_id'))
    )
    with op.batch_alter_table('dialogue_survey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dialogue_survey_dialogue_id'), ['dialogue_id'], unique=False)

    op.create_table('question',
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('new', 'accepted', 'refused', 'grouped', 'answered', 'promised', 'passed', name='questionstate', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_anonymous', sa.Boolean(), nullable=False),
    sa.Column('is_live', sa.Boolean(), nullable=False),
    sa.Column('name', Sealed(), nullable=True),
    sa.Column('phone', Sealed(), nullable=True),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.Enum('web', 'telegram', 'zalo', 'console', 'email', 'phone', 'paper', 'desk', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('submission_key', sa.String(length=80), nullable=True),
    sa.Column('asked_at', UTC(), nullable=False),
    sa.Column('same_as_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('department_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('prepared', sa.Text(), nullable=False),
    sa.Column('prepared_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('prepared_at', UTC(), nullable=True),
    sa.Column('called_at', UTC(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('passed_to', sa.String(length=200), nullable=False),
    sa.Column('settled_at', UTC(), nullable=True),
    sa.Column('settled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('same_as_id <> id', name=op.f('ck_question_not_self')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_question_contact_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_question_department_id')),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_question_dialogue_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_question_neighbourhood_id')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['officer.id'], name=op.f('fk_question_prepared_by_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_question_registration_id')),
    sa.ForeignKeyConstraint(['same_as_id'], ['question.id'], name=op.f('fk_question_same_as_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['officer.id'], name=op.f('fk_question_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_question_submission_key')),
    sa.UniqueConstraint('token', name=op.f('uq_question_token'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_department_id'), ['department_id'], unique=False)
        batch_op.create_index('ix_question_dialogue', ['dialogue_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_question_same_as_id'), ['same_as_id'], unique=False)

    op.create_table('commitment',
    sa.Column('ward_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'doubted', name='commitmentstate', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('position_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('promised_at', UTC(), nullable=False),
    sa.Column('promised_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('done_at', UTC(), nullable=True),
    sa.Column('done_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_commitment_dialogue_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['officer.id'], name=op.f('fk_commitment_done_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_commitment_file_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_commitment_position_id')),
    sa.ForeignKeyConstraint(['promised_by_id'], ['officer.id'], name=op.f('fk_commitment_promised_by_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_commitment_question_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['ward.id'], name=op.f('fk_commitment_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_dialogue_id'), ['dialogue_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_commitment_position_id'), ['position_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_commitment_question_id'), ['question_id'], unique=False)
        batch_op.create_index('ix_commitment_ward', ['ward_id', 'state', 'due_on'], unique=False)

    op.create_table('question_vote',
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voter', sa.String(length=48), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_vote_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_vote')),
    sa.UniqueConstraint('question_id', 'voter', name=op.f('uq_question_vote_question_id_voter'))
    )
    op.create_table('commitment_voice',
    sa.Column('commitment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voter', sa.String(length=48), nullable=False),
    sa.Column('is_kept', sa.Boolean(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_commitment_voice_commitment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_voice')),
    sa.UniqueConstraint('commitment_id', 'voter', name=op.f('uq_commitment_voice_commitment_id_voter'))
    )
    op.create_table('dialogue_duty',
    sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('duty', sa.Enum('announce', 'confirm', 'prepare', 'publish', 'report', 'keep', name='duty', native_enum=False, length=32), nullable=False),
    sa.Column('neighbourhood_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('commitment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('position_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('article', sa.Text(), nullable=False),
    sa.Column('started_at', UTC(), nullable=False),
    sa.Column('due_at', UTC(), nullable=False),
    sa.Column('met_at', UTC(), nullable=True),
    sa.Column('look_at', UTC(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_dialogue_duty_commitment_id')),
    sa.ForeignKeyConstraint(['dialogue_id'], ['dialogue.id'], name=op.f('fk_dialogue_duty_dialogue_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['neighbourhood.id'], name=op.f('fk_dialogue_duty_neighbourhood_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_dialogue_duty_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_duty')),
    sa.UniqueConstraint('key', name=op.f('uq_dialogue_duty_key'))
    )
    with op.batch_alter_table('dialogue_duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dialogue_duty_dialogue_id'), ['dialogue_id'], unique=False)
        batch_op.create_index('ix_dialogue_duty_look', ['look_at'], unique=False, sqlite_where=sa.text('met_at IS NULL'), postgresql_where=sa.text('met_at IS NULL'))
        batch_op.create_index('ix_dialogue_duty_owner', ['position_id', 'due_at'], unique=False, sqlite_where=sa.text('met_at IS NULL'), postgresql_where=sa.text('met_at IS NULL'))

    op.create_table('dialogue_duty_reminder',
    sa.Column('duty_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rung', sa.String(length=32), nullable=False),
    sa.Column('due_at', UTC(), nullable=False),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UTC(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['duty_id'], ['dialogue_duty.id'], name=op.f('fk_dialogue_duty_reminder_duty_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_dialogue_duty_reminder_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogue_duty_reminder')),
    sa.UniqueConstraint('duty_id', 'rung', 'due_at', 'officer_id', name=op.f('uq_dialogue_duty_reminder_duty_id_rung_due_at_officer_id'))
    )
    with op.batch_alter_table('dialogue_duty_reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dialogue_duty_reminder_officer_id'), ['officer_id'], unique=False)

    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dialogue_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_stored_file_dialogue_id'), ['dialogue_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_stored_file_dialogue_id'), 'dialogue', ['dialogue_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_stored_file_dialogue_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_stored_file_dialogue_id'))
        batch_op.drop_column('dialogue_id')

    with op.batch_alter_table('dialogue_duty_reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dialogue_duty_reminder_officer_id'))

    op.drop_table('dialogue_duty_reminder')
    with op.batch_alter_table('dialogue_duty', schema=None) as batch_op:
        batch_op.drop_index('ix_dialogue_duty_owner', sqlite_where=sa.text('met_at IS NULL'), postgresql_where=sa.text('met_at IS NULL'))
        batch_op.drop_index('ix_dialogue_duty_look', sqlite_where=sa.text('met_at IS NULL'), postgresql_where=sa.text('met_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_dialogue_duty_dialogue_id'))

    op.drop_table('dialogue_duty')
    op.drop_table('commitment_voice')
    op.drop_table('question_vote')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index('ix_commitment_ward')
        batch_op.drop_index(batch_op.f('ix_commitment_question_id'))
        batch_op.drop_index(batch_op.f('ix_commitment_position_id'))
        batch_op.drop_index(batch_op.f('ix_commitment_dialogue_id'))

    op.drop_table('commitment')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_same_as_id'))
        batch_op.drop_index(batch_op.f('ix_question_registration_id'))
        batch_op.drop_index('ix_question_dialogue')
        batch_op.drop_index(batch_op.f('ix_question_department_id'))
        batch_op.drop_index(batch_op.f('ix_question_contact_id'))

    op.drop_table('question')
    with op.batch_alter_table('dialogue_survey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dialogue_survey_dialogue_id'))

    op.drop_table('dialogue_survey')
    with op.batch_alter_table('dialogue_reach', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dialogue_reach_neighbourhood_id'))

    op.drop_table('dialogue_reach')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_queue')
        batch_op.drop_index('ix_registration_phone')
        batch_op.drop_index(batch_op.f('ix_registration_contact_id'))

    op.drop_table('registration')
    with op.batch_alter_table('dialogue_event', schema=None) as batch_op:
        batch_op.drop_index('ix_dialogue_event_dialogue')

    op.drop_table('dialogue_event')
    with op.batch_alter_table('dialogue', schema=None) as batch_op:
        batch_op.drop_index('ix_dialogue_ward')
        batch_op.drop_index('ix_dialogue_remind', sqlite_where=sa.text('remind_at IS NOT NULL'), postgresql_where=sa.text('remind_at IS NOT NULL'))

    op.drop_table('dialogue')

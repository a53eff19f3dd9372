/** The server's own tables: the audit log, jobs, settings and secrets. */
import { sql } from 'kysely';
import { primary, required, type Schema } from '../columns.ts';

export const serverSchema: Schema = ({ schema }, { integer, blob, sealed, heap, keyed }) => [
  heap(
    sealed(schema.createTable('events'))
      .addColumn('kind', 'text', required)
      .addColumn('account_id', blob)
      .addColumn('actor', blob, required)
      .addColumn('acted_for', blob)
      .addColumn('subject', blob, required)
      .addColumn('data_json', 'text', required)
      .addColumn('request_id', 'text')
      .addColumn('at', integer, required),
  ),
  // "What happened in this account, to this object?" Filled in many events at a time (`late-lists.ts`), since an index would
  // cost each event as much as its row.
  keyed(
    schema
      .createTable('account_events')
      .addColumn('account_id', blob, required)
      .addColumn('sequence', integer, required)
      .addPrimaryKeyConstraint('account_events_pk', ['account_id', 'sequence']),
  ),
  keyed(
    schema
      .createTable('subject_events')
      .addColumn('subject', blob, required)
      .addColumn('sequence', integer, required)
      .addPrimaryKeyConstraint('subject_events_pk', ['subject', 'sequence']),
  ),
  // How far each of these lists goes.
  keyed(schema.createTable('late_lists').addColumn('list', 'text', primary).addColumn('up_to', integer, required)),

  keyed(
    schema
      .createTable('jobs')
      .addColumn('kind', 'text', required)
      .addColumn('subject', 'text', required)
      .addColumn('id', blob, required)
      .addColumn('lane', 'text', required)
      .addColumn('owner', 'text')
      .addColumn('zone', 'text')
      .addColumn('state', 'text', required)
      .addColumn('run_at', integer, required)
      .addColumn('again_at', integer)
      .addColumn('lease_until', integer)
      // The node whose lease it is.
      .addColumn('leased_by', 'text')
      .addColumn('attempts', 'integer', required)
      .addColumn('last_error', 'text')
      .addColumn('created_at', integer, required)
      .addPrimaryKeyConstraint('jobs_pk', ['kind', 'subject']),
  ),
  // "What failed?"
  schema.createIndex('jobs_failed').on('jobs').column('run_at').where(sql.ref('state'), '=', sql.lit('failed')),
  schema
    .createIndex('jobs_due')
    .on('jobs')
    .columns(['lane', 'run_at'])
    .where(sql.ref('state'), '=', sql.lit('waiting')),
  // "Whose turn is it, and what has waited the longest of theirs?" Jobs that wait for nobody's server have no owner.
  schema
    .createIndex('jobs_of_owner')
    .on('jobs')
    .columns(['lane', 'owner', 'run_at'])
    .where(sql.ref('state'), '=', sql.lit('waiting'))
    .where(sql.ref('owner'), 'is not', sql.lit(null)),
  // "How many of each owner and each zone are under way?", and "what was under way when a node died?"
  schema
    .createIndex('jobs_running')
    .on('jobs')
    .columns(['lane', 'owner', 'zone'])
    .where(sql.ref('state'), '=', sql.lit('running')),

  // Zones whose servers did not answer the last probe; most never have a row.
  keyed(
    schema
      .createTable('zone_rests')
      .addColumn('account_id', blob, required)
      .addColumn('zone', 'text', required)
      .addColumn('failures', 'integer', required)
      .addColumn('probed_at', integer, required)
      .addColumn('until', integer, required)
      .addPrimaryKeyConstraint('zone_rests_pk', ['account_id', 'zone']),
  ),
  // "Which are long over?"
  schema.createIndex('zone_rests_over').on('zone_rests').column('until'),

  keyed(schema.createTable('settings').addColumn('key', 'text', primary).addColumn('value_json', 'text', required)),

  // The key of each is its name: `webhook/acc_01hv…`, `dialect/httpsok/alias`.
  heap(
    schema
      .createTable('server_secrets')
      .addColumn('id', 'text', primary)
      .addColumn('sealed_value', blob, required)
      .addColumn('created_at', integer, required),
  ),

  heap(
    schema
      .createTable('master_keys')
      .addColumn('id', 'text', primary)
      .addColumn('first_used_at', integer, required)
      .addColumn('retired_at', integer),
  ),

  heap(
    schema
      .createTable('key_rotations')
      .addColumn('number', 'integer', primary)
      .addColumn('to_key', 'text', required)
      .addColumn('started_at', integer, required)
      .addColumn('ended_at', integer)
      .addColumn('resealed', 'integer', required)
      .addColumn('examined', 'integer', required)
      .addColumn('unreadable', 'integer', required)
      .addColumn('found', 'integer', required)
      .addColumn('kind', 'text', required)
      .addColumn('after', 'text', required),
  ),

  keyed(
    schema
      .createTable('expiring_values')
      .addColumn('purpose', 'text', required)
      // Empty where it is no account's.
      .addColumn('owner', 'text', required)
      .addColumn('key', 'text', required)
      .addColumn('value', 'text', required)
      .addColumn('expires_at', integer, required)
      .addPrimaryKeyConstraint('expiring_values_pk', ['purpose', 'owner', 'key']),
  ),
  // "Which of a shelf that is full go first?"
  schema
    .createIndex('expiring_values_of_shelf')
    .on('expiring_values')
    .columns(['purpose', 'owner', 'expires_at', 'key']),
  // "What is over?"
  schema.createIndex('expiring_values_ending').on('expiring_values').column('expires_at'),
];

/** Rows of the queue, and of the zones that rest. */
import type { Job } from '../../domain/job.ts';
import type { ZoneRest } from '../../domain/zone-rest.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { date, derived, id, int32, keptText, nullable, text } from '../fields.ts';

export const jobs = codecOf<Job>()(
  'jobs',
  {
    kind: text('kind'),
    subject: text('subject'),
    id: id('id', 'job'),
    state: text('state'),
    lane: text('lane'),
    owner: nullable(text('owner')),
    zone: nullable(text('zone')),
    runAt: date('run_at'),
    attempts: int32('attempts'),
    lastError: nullable(keptText('last_error')),
    createdAt: date('created_at'),
  },
  {
    // Asked for again while it runs: when.
    againAt: derived('again_at', 'integer or null', () => null),
    leaseUntil: derived('lease_until', 'integer or null', () => null),
    leasedBy: derived('leased_by', 'text or null', () => null),
  },
);

export type JobRow = RowOf<typeof jobs>;

export const zoneRests = codecOf<ZoneRest>()('zone_rests', {
  accountId: id('account_id', 'account'),
  zone: text('zone'),
  failures: int32('failures'),
  probedAt: date('probed_at'),
  until: date('until'),
});

export type ZoneRestRow = RowOf<typeof zoneRests>;

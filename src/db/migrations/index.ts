/** The migrations, in order. They go forward only: a change of the schema is a new one, and what `../rows/` declares is the result of all. */
import type { Migration } from '../migrate.ts';
import { migration0001 } from './0001-schema/index.ts';
import { migration0003 } from './0003-questions/index.ts';
import { migration0004 } from './0004-doors.ts';
import { migration0005 } from './0005-watching.ts';
import { migration0008 } from './0008-listings.ts';
import { migration0010 } from './0010-refunds.ts';
import { migration0011 } from './0011-upstreams.ts';
import { migration0012 } from './0012-shared-orders.ts';
import { migration0013 } from './0013-vendors.ts';
import { migration0014 } from './0014-vendor-addresses.ts';
import { migration0015 } from './0015-sessions.ts';
import { migration0016 } from './0016-lists.ts';
import { migration0017 } from './0017-statistics.ts';
import { migration0018 } from './0018-order-shares.ts';
import { migration0019 } from './0019-made-keys.ts';
import { migration0020 } from './0020-answered-requests.ts';
import { migration0021 } from './0021-uses.ts';
import { migration0023 } from './0023-caa-checks.ts';
import { migration0024 } from './0024-replays.ts';
import { migration0025 } from './0025-authorities.ts';
import { migration0027 } from './0027-registrations.ts';
import { migration0030 } from './0030-rollover.ts';
import { migration0032 } from './0032-imported-serials.ts';
import { migration0034 } from './0034-low-balances.ts';
import { migration0035 } from './0035-event-origins.ts';
import { migration0036 } from './0036-unlisted.ts';

export const migrations: readonly Migration[] = [
  migration0001,
  migration0003,
  migration0004,
  migration0005,
  migration0008,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
  migration0015,
  migration0016,
  migration0017,
  migration0018,
  migration0019,
  migration0020,
  migration0021,
  migration0023,
  migration0024,
  migration0025,
  migration0027,
  migration0030,
  migration0032,
  migration0034,
  migration0035,
  migration0036,
];

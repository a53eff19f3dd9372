/** All migrations, in their order. */
import type { Migration } from '../migrate.ts';
import { migration0001 } from './0001-core.ts';
import { migration0002 } from './0002-confirmations.ts';
import { migration0003 } from './0003-organizations.ts';
import { migration0004 } from './0004-notes.ts';
import { migration0005 } from './0005-webhooks.ts';
import { migration0006 } from './0006-managed-domains.ts';
import { migration0007 } from './0007-external-account-keys.ts';
import { migration0008 } from './0008-reminders.ts';
import { migration0009 } from './0009-bindings.ts';
import { migration0010 } from './0010-blocked-keys.ts';
import { migration0011 } from './0011-sealing.ts';
import { migration0012 } from './0012-outgoing-mail.ts';
import { migration0013 } from './0013-role-grants.ts';
import { migration0014 } from './0014-user-networks.ts';
import { migration0015 } from './0015-rests.ts';
import { migration0016 } from './0016-blocked-moduli.ts';
import { migration0017 } from './0017-upstreams.ts';
import { migration0019 } from './0019-balances.ts';
import { migration0020 } from './0020-expiring-values.ts';
import { migration0022 } from './0022-acting-for.ts';

export const migrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
  migration0015,
  migration0016,
  migration0017,
  migration0019,
  migration0020,
  migration0022,
];

/** Sessions whose products come from an issuer that has names delegated: what a customer of a front door must be shown then. */
import assert from 'node:assert/strict';
import { createPreparations } from '../../src/app/issuing/preparations.ts';
import { createLookUpDelegation } from '../../src/dcv/delegation-standing.ts';
import type { Delegation } from '../../src/domain/delegation.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { delegationOf } from '../../src/pki/delegation.ts';
import type { TestApp, TestAppOptions } from './app.ts';
import type { CoreSession } from './dialect-session.ts';
import { createNastyUpstream, type NastyUpstream } from './nasty-upstream.ts';
import { createUpstreamIssuer } from './upstream-issuer.ts';
import { createZoneFake } from './zone-fake.ts';

export const aliasZone = 'acme.example.net';

export interface Delegating<S extends CoreSession> {
  readonly session: S;
  readonly upstream: NastyUpstream;
  recordOf(name: string): Delegation;
  /** The customer sets the record: our checks and the look before the order both see it. */
  delegate(name: string): void;
}

/** @param start with these options beside its own */
export async function startDelegating<S extends CoreSession>(
  start: (options: Pick<TestAppOptions, 'aliasZone' | 'issuer' | 'lookUpDelegation'>) => Promise<S>,
): Promise<Delegating<S>> {
  let app: TestApp | undefined;
  const clock = () => app?.clock ?? assert.fail('nothing is bought before there is an app');
  const upstream = await createNastyUpstream(clock);
  const zone = createZoneFake();
  const missing: Parameters<typeof createUpstreamIssuer>[2] = {
    id: 'embedded',
    mode: 'alias',
    missing: ({ accountId, names }, signal) =>
      createPreparations(app?.context ?? assert.fail('no app')).missingDelegation(accountId, names, signal),
  };
  const session = await start({
    aliasZone,
    issuer: () => createUpstreamIssuer(upstream, clock, missing),
    lookUpDelegation: createLookUpDelegation(zone.resolver),
  });
  app = session.app;
  const recordOf = (name: string) =>
    delegationOf(session.account.id, parseIdentifier(name, 'name'), session.app.context.alias ?? assert.fail('a zone'));
  return {
    session,
    upstream,
    recordOf,
    delegate(name) {
      const { host, target } = recordOf(name);
      zone.set(host, 'CNAME', target);
      session.app.checks.placeRecord(host, target);
    },
  };
}

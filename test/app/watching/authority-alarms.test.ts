/** Alarms of authorities: each comes when the operator has to do something, is raised once by all nodes, and goes when it is done. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createWatchdog } from '../../../src/app/index.ts';
import type { Watchdog } from '../../../src/app/watching/watchdog.ts';
import type { AlarmFinding } from '../../../src/domain/alarm.ts';
import type { Authority } from '../../../src/domain/authority.ts';
import type { AuthorityId } from '../../../src/domain/ids.ts';
import { keepsAuthorities } from '../../../src/domain/ports/authority-keeper.ts';
import { type RollingIssuer, rollsOver } from '../../../src/domain/ports/issuer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

const minute = 60;
const day = 24 * 60 * minute;
const by = { actor: 'usr_operator', requestId: 'request-1' };
const never = new AbortController().signal;

let app: TestApp;
/** Of two nodes over one database. */
let nodes: readonly Watchdog[];
let issuer: RollingIssuer;
beforeEach(async () => {
  app = await startTestApp();
  const { context } = app;
  nodes = ['one', 'two'].map((node) =>
    createWatchdog(
      { ...context, database: { ...context.database, node } },
      { outcomes: app.outcomes, mail: [], webhook: null },
    ),
  );
  const found = context.issuers.get(app.issuer.id);
  assert.ok(found !== undefined && rollsOver(found));
  issuer = found;
});
afterEach(() => app.close());

async function ecOf(role: Authority['role']): Promise<Authority> {
  const found = (await app.database.read.authorities.list()).find(
    (one) => one.role === role && one.keyKind === 'P-256' && one.retiredAt === null,
  );
  assert.ok(found);
  return found;
}

async function refresh(): Promise<void> {
  assert.ok(keepsAuthorities(issuer));
  await issuer.refresh();
}

async function publishAll(): Promise<void> {
  for (const id of app.issuer.authorityIds()) await app.issuer.publishCrl(id, never);
}

/** As when its key has left the server, or has come back. */
async function moveKey(id: AuthorityId, keyPlace: Authority['keyPlace']): Promise<void> {
  await app.database.write(async (tx) => {
    const authority = await tx.authorities.get(id);
    assert.ok(authority);
    await tx.authorities.change({ ...authority, keyPlace });
  });
  await refresh();
}

async function newList(id: AuthorityId): Promise<void> {
  await moveKey(id, 'here');
  await app.issuer.publishCrl(id, never);
  await moveKey(id, 'outside');
}

/** Both nodes look every ten minutes. @returns what each of them sees raised */
async function seenAfter(seconds: number, key: AlarmFinding['key']): Promise<readonly boolean[]> {
  for (let at = 0; at < seconds; at += 10 * minute) {
    await app.advance(10 * minute);
    for (const node of nodes) await node.look();
  }
  return nodes.map((node) => node.raised().some((one) => one.key === key));
}

async function auditLog(key: AlarmFinding['key']): Promise<readonly string[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 50, subject: 'alarm' });
  return items.flatMap(({ kind, data }) => (data.alarm === key ? [kind] : [])).toReversed();
}

async function paramsOf(key: AlarmFinding['key']) {
  return nodes[1]?.raised().find((one) => one.key === key)?.finding.params;
}

describe('a root whose key is outside', () => {
  it('has no list although certificates say that it is here: at once, until there is one', async () => {
    const { id, subject } = await ecOf('root');
    await moveKey(id, 'outside');
    assert.deepEqual(await seenAfter(0, 'outsideListMissing'), [false, false]);
    assert.deepEqual(await seenAfter(20 * minute, 'outsideListMissing'), [true, true]);
    assert.deepEqual(await paramsOf('outsideListMissing'), { authority: subject });
    await newList(id);
    assert.deepEqual(await seenAfter(10 * minute, 'outsideListMissing'), [false, false]);
    assert.deepEqual(await auditLog('outsideListMissing'), ['alarm.raised', 'alarm.ended']);
  });

  it('has a list that ends: from when a third of its life is left, until a new one comes', async () => {
    await publishAll();
    const { id, subject } = await ecOf('root');
    await moveKey(id, 'outside');
    await app.advance(119 * day);
    assert.deepEqual(await seenAfter(20 * minute, 'outsideListEnding'), [false, false]);
    await app.advance(2 * day);
    assert.deepEqual(await seenAfter(20 * minute, 'outsideListEnding'), [true, true]);
    const { nextUpdate } = (await app.database.read.crls.updatesOf(id)) ?? {};
    assert.deepEqual(await paramsOf('outsideListEnding'), {
      authority: subject,
      days: 58,
      until: nextUpdate?.toISOString(),
    });
    await newList(id);
    assert.deepEqual(await seenAfter(10 * minute, 'outsideListEnding'), [false, false]);
    assert.deepEqual(await auditLog('outsideListEnding'), ['alarm.raised', 'alarm.ended']);
  });
});

describe('a revoked intermediate', () => {
  it('is an alarm until another one with a key of its kind signs', async () => {
    const [revoked, root] = [await ecOf('intermediate'), await ecOf('root')];
    await issuer.revokeAuthority(revoked.id, { reason: 'keyCompromise', by });
    assert.deepEqual(await seenAfter(10 * minute, 'authorityRevoked'), [true, true]);
    assert.deepEqual(await paramsOf('authorityRevoked'), { authority: revoked.subject, by: root.subject });
    // The way out that the alarm names.
    const made = await issuer.succeed(revoked.id, { by });
    assert.deepEqual(await seenAfter(10 * minute, 'authorityRevoked'), [false, false]);
    assert.deepEqual(await auditLog('authorityRevoked'), ['alarm.raised', 'alarm.ended']);
    assert.equal((await ecOf('intermediate')).id, made);
  });

  it('is none where its successor signs already', async () => {
    const former = await ecOf('intermediate');
    await issuer.succeed(former.id, { publishDays: 0, by });
    await issuer.revokeAuthority(former.id, { reason: 'superseded', by });
    assert.deepEqual(await seenAfter(20 * minute, 'authorityRevoked'), [false, false]);
    assert.deepEqual(await auditLog('authorityRevoked'), []);
  });
});

describe('an intermediate that nothing follows by itself', () => {
  it('is an alarm half a year before it cannot sign the longest certificates, until it has a successor', async () => {
    const [intermediate, root] = [await ecOf('intermediate'), await ecOf('root')];
    await moveKey(root.id, 'outside');
    const longestDays = Math.max(...[...app.context.profiles.values()].map(({ maxValidityDays }) => maxValidityDays));
    const untilDue = (intermediate.notAfter.getTime() - app.clock.now().getTime()) / 1000 - (longestDays + 180) * day;
    await app.advance(Math.floor(untilDue) - day);
    // What the daily look makes: all others have theirs.
    await issuer.rollOver(longestDays);
    assert.deepEqual(await seenAfter(70 * minute, 'successorMissing'), [false, false]);
    await app.advance(day);
    assert.deepEqual(await seenAfter(10 * minute, 'successorMissing'), [false, false], 'it stands for an hour first');
    assert.deepEqual(await seenAfter(70 * minute, 'successorMissing'), [true, true]);
    assert.deepEqual(await paramsOf('successorMissing'), {
      subject: intermediate.subject,
      until: intermediate.notAfter.toISOString(),
    });
    await moveKey(root.id, 'here');
    await issuer.rollOver(longestDays);
    assert.deepEqual(await seenAfter(10 * minute, 'successorMissing'), [false, false]);
    assert.deepEqual(await auditLog('successorMissing'), ['alarm.raised', 'alarm.ended']);
  });
});

/**
 * Authorities follow one another over the years, by a clock moved by hand: successors are made once, certificates move over, lists go on until
 * the last certificate has ended. OpenSSL judges the chains and the lists at each step.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Authority } from '../../src/domain/authority.ts';
import { endless } from '../../src/domain/crl-times.ts';
import { CertError } from '../../src/domain/errors.ts';
import type { AuthorityId } from '../../src/domain/ids.ts';
import { type RollingIssuer, rollsOver, type SignRequest } from '../../src/domain/ports/issuer.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { insertOrder, insertWorld, newCertificate } from '../db/fixtures.ts';
import {
  byId,
  certificatePem,
  createScene,
  issued,
  newCsr,
  profileNamed,
  requestFor,
  type Scene,
} from '../issuers/embedded/support.ts';
import { withOpenSsl } from '../pki/support.ts';
import { crlDerOf } from '../support/crl.ts';

const never = new AbortController().signal;
const dayMs = 86_400_000;
const longestDays = 397;
const profile = profileNamed('private-dv');
const by = { actor: 'usr_operator', requestId: 'request-1' };

let scene: Scene;
let issuer: RollingIssuer;
let other: RollingIssuer;
before(async () => {
  scene = await createScene();
  issuer = await node();
  other = await node();
});
after(() => scene.remove());

/** Another start over the same database. */
async function node(): Promise<RollingIssuer> {
  const started = await scene.start();
  assert.ok(rollsOver(started));
  return started;
}

const later = (days: number) => scene.clock.advance(days * dayMs);
const until = (at: Date) => scene.clock.advance(at.getTime() - scene.clock.now().getTime());

async function named(cn: string): Promise<Authority> {
  const found = (await scene.authorities()).filter(({ subject }) => subject.endsWith(`CN=Example ${cn}`));
  assert.equal(found.length, 1, `there is one ${cn}`);
  return byId(found, found[0]?.id ?? null);
}

/** A certificate of 90 days, kept as the core keeps it. */
async function newLeaf(change: Partial<SignRequest> = {}) {
  const request = requestFor(scene, issuer, await newCsr(), change);
  const der = await issued(issuer, request);
  const certificate = await scene.database.write(async (tx) => {
    const { issuance } = await insertOrder(tx, await insertWorld(tx), ['example.com']);
    const { serial, notBefore, notAfter, authorityId } = request.plan;
    const content = { serial, notBefore, notAfter, authorityId: authorityId as AuthorityId, der };
    return tx.certificates.insert(newCertificate(issuance, content));
  });
  return { der, request, certificate };
}

type Leaf = Awaited<ReturnType<typeof newLeaf>>;

function revoke({ certificate }: Leaf): Promise<unknown> {
  return scene.database.write((tx) => tx.certificates.moveToRevoked(certificate.id, scene.clock.now(), 'superseded'));
}

/** What OpenSSL says of the leaf at this moment, with the lists of the whole chain. */
async function judged({ der, request }: Leaf): Promise<string> {
  const all = await scene.authorities();
  const intermediate = byId(all, request.plan.authorityId);
  const root = byId(all, intermediate.parentId);
  const lists = await Promise.all([intermediate, root].map(({ id }) => crlDerOf(scene.database.read, id)));
  return withOpenSsl(({ write, run }) => {
    write('root.pem', certificatePem(root.certificate));
    write('intermediate.pem', certificatePem(intermediate.certificate));
    write('lists.pem', lists.map((list) => encodePem('X509 CRL', list ?? new Uint8Array())).join(''));
    write('leaf.pem', certificatePem(der));
    const at = ['-attime', String(Math.floor(scene.clock.now().getTime() / 1000))];
    const checks = ['-x509_strict', '-crl_check_all', '-CRLfile', 'lists.pem', ...at];
    try {
      return run('verify', ...checks, '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem', 'leaf.pem').trim();
    } catch (thrown) {
      return /revoked|expired|not yet valid/.exec(String(thrown))?.[0] ?? String(thrown);
    }
  });
}

/** The lists that are made by this moment. */
async function publishAll(): Promise<void> {
  for (const id of issuer.authorityIds()) {
    if (issuer.validityOf(id).until > scene.clock.now()) await issuer.publishCrl(id, never);
  }
}

const listOf = async ({ id }: Pick<Authority, 'id'>) => {
  const der = await crlDerOf(scene.database.read, id);
  assert.ok(der !== undefined);
  return parseCrl(der);
};

const stageOf = async ({ id }: Pick<Authority, 'id'>) =>
  (await issuer.outlook(longestDays)).find((one) => one.id === id)?.stage;

const good = 'leaf.pem: OK';

describe('an intermediate', () => {
  let old: Authority;
  let next: Authority;
  let oldLeaf: Leaf;

  test('has no successor before one is due', async () => {
    await issuer.rollOver(longestDays);
    assert.equal((await scene.authorities()).length, 4);
    old = await named('TLS CA E1');
    const plan = (await issuer.outlook(longestDays)).find(({ followsId }) => followsId === old.id);
    const dueAt = new Date(old.notAfter.getTime() - (longestDays + 180) * dayMs);
    assert.deepEqual([plan?.id, plan?.stage, plan?.madeAt, plan?.task], [null, 'coming', dueAt, null]);
    await until(new Date(dueAt.getTime() - 1));
    await issuer.rollOver(longestDays);
    assert.equal((await scene.authorities()).filter(({ role }) => role === 'intermediate').length, 2);
  });

  test('has one when it is due, whoever makes it and however often', async () => {
    await scene.clock.advance(1);
    await Promise.all([issuer.rollOver(longestDays), other.rollOver(longestDays)]);
    issuer = await node();
    await issuer.rollOver(longestDays);
    const intermediates = (await scene.authorities()).filter(({ role }) => role === 'intermediate');
    assert.deepEqual(intermediates.map(({ subject }) => subject.slice(-2)).toSorted(), ['E1', 'E2', 'R1', 'R2']);
    next = await named('TLS CA E2');
    assert.deepEqual(next.signsFrom, new Date(next.createdAt.getTime() + 30 * dayMs));
    assert.equal(await stageOf(next), 'published');
    await publishAll();
    assert.equal((await listOf(next)).entries.length, 0);
  });

  test('signs on while its successor is only published, except what it is too short for', async () => {
    const csr = await newCsr();
    oldLeaf = await newLeaf();
    assert.equal(oldLeaf.request.plan.authorityId, old.id);
    assert.equal(issuer.chooseAuthority(csr, profile, { until: old.notAfter }), old.id);
    assert.equal(issuer.chooseAuthority(csr, profile, { until: new Date(old.notAfter.getTime() + 1000) }), next.id);
  });

  test('retires when its successor signs, on every node', async () => {
    const csr = await newCsr();
    await later(29);
    await issuer.rollOver(longestDays);
    assert.equal(await stageOf(old), 'signing');
    const planned = requestFor(scene, issuer, csr);
    await later(1);
    await issuer.rollOver(longestDays);
    assert.equal(await stageOf(old), 'retired');
    other.chooseAuthority(csr, profile);
    await scene.clock.advance(2000);
    other.chooseAuthority(csr, profile);
    await other.outlook(longestDays);
    assert.equal(other.chooseAuthority(csr, profile), next.id);
    // What was planned before is signed as it was planned.
    assert.ok(issuer.keepsPlan(planned.plan.authorityId));
    assert.equal((await issued(issuer, planned)).length > 0, true);
  });

  test('and its successor both verify, with their lists', async () => {
    const [newOne, oldRevoked, newRevoked] = [await newLeaf(), oldLeaf, await newLeaf()];
    assert.equal(newOne.request.plan.authorityId, next.id);
    const oldGood = await newLeaf({ plan: { ...requestFor(scene, issuer, await newCsr()).plan, authorityId: old.id } });
    await revoke(oldRevoked);
    await revoke(newRevoked);
    await publishAll();
    const verdicts = await Promise.all([newOne, oldGood, newRevoked, oldRevoked].map(judged));
    assert.deepEqual(verdicts, [good, good, 'revoked', 'revoked']);
  });

  test('publishes its list until its last certificate has ended, and a last one for good', async () => {
    const end = (await scene.database.read.authorities.lastEndUnder(old.id)) ?? new Date(0);
    await until(end);
    await publishAll();
    assert.equal(await stageOf(old), 'retired');
    await later(8);
    await publishAll();
    assert.equal(await stageOf(old), 'closed');
    assert.deepEqual((await listOf(old)).nextUpdate, endless);
    assert.ok(!issuer.authorityIds().includes(old.id));
    assert.ok(!issuer.keepsPlan(old.id));
    const [closed] = await scene.database.read.events.list({ accountId: null, subject: old.id, limit: 1 });
    assert.equal(closed?.kind, 'authority.closed');
  });
});

describe('a root', () => {
  test('has a successor years before intermediates must hang under it, which the operator has to spread', async () => {
    const roots = (await issuer.outlook(longestDays)).filter(({ id, role }) => id !== null && role === 'root');
    // It was made with the first look after it was due, before the intermediates above.
    assert.deepEqual(roots.map(({ subject }) => subject?.slice(-2)).toSorted(), ['E1', 'E2', 'R1', 'R2']);
    const old = await named('Root CA E1');
    const next = roots.find(({ followsId }) => followsId === old.id);
    assert.equal(next?.task?.what, 'trustRoot');
    // Those that fit under the old root hang under it still.
    assert.equal((await named('TLS CA E2')).parentId, old.id);
    const retiresAt = roots.find(({ id }) => id === old.id)?.retiresAt;
    assert.deepEqual(next.task.by, retiresAt);
    assert.ok(next.task.by.getTime() - scene.clock.now().getTime() > 2 * 365 * dayMs, String(next.task.by));
  });

  test('is followed by then: the next intermediate hangs under the new one', async () => {
    const current = await named('TLS CA E2');
    await until(new Date(current.notAfter.getTime() - (longestDays + 180) * dayMs));
    await issuer.rollOver(longestDays);
    await later(30);
    await issuer.rollOver(longestDays);
    const third = await named('TLS CA E3');
    const next = await named('Root CA E2');
    assert.equal(third.parentId, next.id);
    assert.equal(await stageOf(await named('Root CA E1')), 'retired');
    await publishAll();
    const leaf = await newLeaf();
    assert.equal(leaf.request.plan.authorityId, third.id);
    assert.equal(await judged(leaf), good);
  });
});

describe('an operator', () => {
  test('makes a successor that signs at once', async () => {
    const current = await named('TLS CA E3');
    const made = await issuer.succeed(current.id, { publishDays: 0, by });
    assert.equal(await stageOf(current), 'retired');
    assert.equal(issuer.chooseAuthority(await newCsr(), profile), made);
    const [created] = (await scene.database.read.events.list({ accountId: null, subject: made, limit: 5 })).filter(
      ({ kind }) => kind === 'authority.created',
    );
    assert.equal(created?.actor, by.actor);
  });

  test('moves what is signed from now on under another root', async () => {
    await later(1);
    const root = await named('Root CA E2');
    const next = await issuer.succeed(root.id, { publishDays: 0, by });
    assert.equal(await stageOf(root), 'signing');
    const current = await named('TLS CA E4');
    assert.equal(current.parentId, root.id);
    const made = await issuer.succeed(current.id, { publishDays: 0, by });
    assert.equal(byId(await scene.authorities(), made).parentId, next);
    assert.equal(await stageOf(root), 'retired');
    await publishAll();
    assert.equal(await judged(await newLeaf()), good);
  });

  test('revokes an intermediate: the list of its root names it, and it signs no more', async () => {
    const leaf = await newLeaf();
    await publishAll();
    assert.equal(await judged(leaf), good);
    const authorityId = leaf.request.plan.authorityId ?? '';
    await issuer.revokeAuthority(authorityId, { reason: 'keyCompromise', by });
    await issuer.revokeAuthority(authorityId, { reason: 'keyCompromise', by });
    await publishAll();
    assert.equal(await judged(leaf), 'revoked');
    const authority = byId(await scene.authorities(), authorityId);
    const list = await listOf({ id: authority.parentId ?? authority.id });
    const { serialHex } = parseCertificate(authority.certificate);
    assert.deepEqual(
      list.entries.map((entry) => [entry.serialHex, entry.reason]),
      [[serialHex, 'cACompromise']],
    );
    assert.ok(list.entries.every(({ revokedAt }) => revokedAt <= list.thisUpdate));
    assert.ok(!issuer.keepsPlan(authorityId));
    assert.equal(await stageOf(authority), 'revoked');
  });

  test('revokes no root, and nothing that is not there', async () => {
    const refused = (key: string) => (thrown: unknown) => thrown instanceof CertError && thrown.reason.key === key;
    const root = await named('Root CA E3');
    const request = { reason: 'superseded', by } as const;
    await assert.rejects(issuer.revokeAuthority(root.id, request), refused('authorityNotRevocable'));
    await assert.rejects(issuer.revokeAuthority('ca_none', request), refused('notFound'));
    const retired = await named('TLS CA E1');
    await assert.rejects(issuer.succeed(retired.id, { by }), refused('authorityNotFollowed'));
  });
});

/** Years of coverage: one certificate after the other, issued by the platform itself. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { origin } from '../../support/app.ts';
import { createSession, orderFields, type Reply, type Session } from './harness.ts';

async function ok(session: Session, path: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Reply> {
  const reply = await session.post(path, fields);
  assert.equal(reply.code, 1, JSON.stringify(reply));
  await session.app.idle();
  return reply;
}

const collect = async (session: Session, certId: string) => (await ok(session, '/ssl/collect', { certId })).data;

describe('years of coverage', () => {
  test('hold one certificate after the other, under the certId that the customer knows', async () => {
    const session = await createSession();
    const certId = await session.issue({ years: 2 });
    const first = await collect(session, certId);
    await session.pass(190);
    const second = await collect(session, certId);
    assert.equal(second.status, 'COMPLETE');
    assert.notEqual(second.certificate, first.certificate, 'the next one is there before the first ends');
    assert.equal(second.dueDate, first.dueDate);
    const { data } = await ok(session, '/ssl/list');
    assert.deepEqual(
      data.map((row: Reply) => [row.certId, row.status, row.period]),
      [[certId, 'COMPLETE', '2years']],
    );
    const { data: reissued } = await ok(session, '/ssl/reissue', { certId, reason: 'x' });
    await session.app.advance(5);
    assert.equal((await collect(session, certId)).status, 'REISSUED');
    assert.equal((await collect(session, reissued.certId)).status, 'COMPLETE');
  });

  test('ask for proof again where the old one is too old, under the same certId, while the certificate stands', async () => {
    const session = await createSession();
    const certId = await session.issue({ years: 2 });
    await session.pass(190);
    const second = await collect(session, certId);
    session.app.checks.remove('a.example.com');
    await session.pass(190);
    const waiting = await collect(session, certId);
    assert.deepEqual([waiting.status, waiting.certificate], ['COMPLETE', second.certificate]);
    assert.deepEqual(
      waiting.dcvList.map(({ domainName, is_verify }: Reply) => [domainName, is_verify]),
      [['a.example.com', '']],
    );
    assert.equal(waiting.DCVdnsValue, second.DCVdnsValue, 'the same record proves it again');
    await ok(session, '/ssl/updateDCV', { certId, dcvMethod: 'HTTP_CSR_HASH' });
    session.app.checks.place('a.example.com', 'httpFile');
    await ok(session, '/ssl/batchUpdateDCV', { certId });
    await session.app.advance(5);
    const third = await collect(session, certId);
    assert.equal(third.status, 'COMPLETE');
    assert.notEqual(third.certificate, second.certificate);
    assert.equal(third.dcvList[0].is_verify, 'verified');
    await ok(session, '/ssl/revoke', { certId, reason: 'cessationOfOperation' });
    assert.equal((await collect(session, certId)).status, 'CANCELLED', 'all that the certId stands for');
  });

  test('send the mail again where that proved it, to the same address', async () => {
    const session = await createSession();
    const domainInfo = [{ domainName: 'a.example.com', dcvMethod: 'EMAIL', dcvEmail: 'admin@example.com' }];
    const placed = await ok(session, '/ssl/place', orderFields({ years: 2, params: { domainInfo } }));
    const { certId } = placed.data;
    await session.app.ports.confirmations.decide(session.mail.token(), 'confirm', origin);
    await session.app.advance(5);
    assert.equal((await collect(session, certId)).status, 'COMPLETE');
    await session.pass(190);
    assert.equal(session.mail.sent.length, 1, 'the proof is young enough for the next one');
    await session.pass(190);
    assert.deepEqual(
      session.mail.sent.map(({ to }) => to),
      ['admin@example.com', 'admin@example.com'],
    );
    await session.app.ports.confirmations.decide(session.mail.token(), 'confirm', origin);
    await session.app.advance(5);
    const { dcvList } = await collect(session, certId);
    assert.deepEqual(Object.values(dcvList[0]), ['a.example.com', 'EMAIL', 'admin@example.com', 'verified']);
  });

  test('of our key each have a key of their own', async () => {
    const session = await createSession();
    const certId = await session.issue({ years: 2, params: { csr: null } });
    const first = await collect(session, certId);
    await session.pass(190);
    const second = await collect(session, certId);
    assert.notEqual(second.privateKey, first.privateKey);
    assert.ok(new X509Certificate(second.certificate).checkPrivateKey(createPrivateKey(second.privateKey)));
  });
});

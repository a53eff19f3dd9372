/** Our clock and the CA's are apart: a check says by how much, and an order does not fail for it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { renderDetail, type UpstreamCheck } from '../../../src/domain/upstream-check.ts';
import { UpstreamFault } from '../../../src/domain/upstream-fault.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const minute = 60_000;
const day = 86_400_000;
const name = 'www.example.com';

async function clockLine(): Promise<
  (Pick<UpstreamCheck, 'ok'> & { readonly en: string; readonly zh: string }) | undefined
> {
  const [checked] = await scene.app.ports.upstreams.check(scene.app.operator, 'ca');
  const found = checked?.checks.find(({ what }) => what === 'clock');
  return found && { ok: found.ok, en: renderDetail(found.detail, 'en'), zh: renderDetail(found.detail, 'zh') };
}

describe('a check', () => {
  for (const [skewMs, ok, en, zh] of [
    [0, true, /agree/, /一致/],
    [50_000, true, /agree/, /一致/], // a little is nobody's fault
    [-50_000, true, /agree/, /一致/],
    [
      10 * minute,
      false,
      /2026-06-01T00:00.* is (599|600) s behind the CA's.*time service/,
      /慢 (599|600) 秒.*时间同步/,
    ],
    [-2 * day, false, /is 172[78]\d\d s ahead of the CA's/, /快 172[78]\d\d 秒/],
  ] as const) {
    it(`of a CA whose clock is ${skewMs / 1000} s ahead of ours says ${ok ? 'that they agree' : 'how far they are apart'}`, async () => {
      scene = await startAcmeScene({ cas: [{ ca: { settings: { clockSkewMs: skewMs } } }] });
      const line = await clockLine();
      assert.equal(line?.ok, ok);
      assert.match(line.en, en);
      assert.match(line.zh, zh);
    });
  }

  it('of a CA that does not say what time it is says nothing of clocks', async () => {
    scene = await startAcmeScene({ cas: [{ ca: { settings: { clockSkewMs: day, hidesTime: true } } }] });
    assert.equal(await clockLine(), undefined);
  });

  it('does not take the date of a reply that a cache kept', async () => {
    scene = await startAcmeScene();
    scene.upstream.beside = async (request) => {
      const reply = await scene.ca.fetch(request);
      if (!request.url.endsWith('/directory')) return reply;
      reply.headers.set('date', new Date(scene.app.clock.now().getTime() - day).toUTCString());
      reply.headers.set('age', '86400');
      return reply;
    };
    assert.equal((await clockLine())?.ok, true);
  });

  for (const fault of ['has an expired certificate', 'has a certificate that is not valid yet'] as const) {
    it(`says that our clock may be wrong where the CA ${fault}`, async () => {
      scene = await startAcmeScene();
      scene.upstream.beside = () => Promise.reject(new UpstreamFault(fault, { isSent: false }));
      const line = await clockLine();
      assert.equal(line?.ok, false);
      assert.match(line.en, new RegExp(`shows 2026-06-01T00:00.*the CA ${fault}`));
      assert.match(line.zh, /本机时钟显示 2026-06-01T00:00/);
    });
  }
});

describe('an order', () => {
  for (const skewMs of [30 * day, -200 * day]) {
    it(`whose certificate is not valid by our clock, ${skewMs / day} days apart, waits until the clock is right`, async () => {
      scene = await startAcmeScene({ cas: [{ terms: { deadlineHours: 24 * 300 } }] });
      scene.ca.settings.clockSkewMs = skewMs;
      const view = await scene.place([name]);
      await scene.passUntil(
        async () => (await scene.see(view)).issuance.rest?.reason.key === 'caClockDiffers',
        'it waits',
      );
      const { turn, en, zh } = await scene.told(view);
      assert.equal(turn, 'operator');
      assert.match(
        en,
        /this server's clock shows 2026-06-01.* where the CA's shows 202[5-7]-\d\d-\d\dT.*: set the clock right/,
      );
      assert.match(zh, /请校准时钟/);
      const { length } = scene.ca.calls('newOrder');
      scene.app.clock.set(skewMs);
      scene.ca.settings.clockSkewMs = 0;
      // One that was ahead: the operator says so at the start.
      if (skewMs < 0) await scene.restart({ acceptsClock: true });
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.deepEqual([length, scene.ca.calls('newOrder').length], [1, 1], 'it is ordered once');
    });
  }

  it('that is past its end by our clock only goes on', async () => {
    scene = await startAcmeScene();
    scene.ca.settings.clockSkewMs = -20 * day;
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal((await scene.acmeOrder(view))?.endedOrders, 0);
  });
});

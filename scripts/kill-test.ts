/**
 * `npm run test:kill -- --kills 25`: the long form of the kill tests, with a report: the server, a core that buys from upstreams, one that buys
 * from every vendor, and the server while it buys from an ACME CA. One of them: `--only server`, `upstream`, `vendor` or `acme`.
 */
import { parseArgs } from 'node:util';
import { killWithUpstream } from '../test/issuers/kill.ts';
import { killAtVendors } from '../test/issuers/kill-vendor.ts';
import { killTest } from '../test/scenarios/kill.ts';
import { killWhileBuying } from '../test/scenarios/kill-upstream.ts';

const tests: Readonly<Record<string, () => Promise<void>>> = {
  server: killServer,
  upstream: killCore,
  vendor: killAtEachVendor,
  acme: killBuyer,
};
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '25' },
    clients: { type: 'string', default: '6' },
    only: { type: 'string' },
  },
});
const kills = Number(values.kills);
const chosen = Object.keys(tests).filter((name) => values.only === undefined || values.only === name);
if (chosen.length === 0)
  throw new Error(`there is no kill test ${values.only}; there are ${Object.keys(tests).join(', ')}`);
for (const name of chosen) await tests[name]?.();

async function killServer(): Promise<void> {
  const report = await killTest({ kills, clients: Number(values.clients) });
  console.log(
    `${report.kills} kills: ${report.acknowledged} acknowledged orders, all issued; ${report.interrupted} requests cut off; ` +
      `${report.acme.finalized} ACME orders finalized, each with one certificate and none charged twice, ` +
      `${report.acme.repeated} ACME calls repeated; ` +
      `${report.certificates} certificates, no serial twice; ledger and integrity_check ok`,
  );
}

async function killCore(): Promise<void> {
  const buying = await killWithUpstream({ kills, orders: 16 });
  console.log(
    `${buying.kills} kills while buying: ${buying.bought} orders at upstreams, none twice; ${buying.issued} issuances issued, ` +
      `${buying.givenUp} given up or refused, ${buying.waiting} left to the operator`,
  );
}

async function killAtEachVendor(): Promise<void> {
  const { atCalls, ...buying } = await killAtVendors({ kills, orders: 18 });
  console.log(
    `${buying.kills} kills while buying from every vendor, ${atCalls} of them in a call: ${buying.bought} orders there, none twice; ` +
      `${buying.issued} issuances issued, ${buying.givenUp} given up, ${buying.waiting} left to the operator with the reason`,
  );
}

async function killBuyer(): Promise<void> {
  const { orders, ordersAtCa, requests, atRequests, ...bought } = await killWhileBuying({
    kills,
    openOrders: 6,
    sparesFinalize: false,
  });
  console.log(
    `${bought.kills} kills while buying from an ACME CA, ${atRequests.length} of them at its requests (${atRequests.join(', ')}): ` +
      `${orders} orders, each with exactly one certificate there, and that one here; ${ordersAtCa} orders and ${requests} requests at the CA; ` +
      'no proof is published any more',
  );
}

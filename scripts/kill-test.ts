/** `npm run test:kill -- --kills 25`: the long form of the kill tests, with a report: the server, and a core that buys from upstreams. */
import { parseArgs } from 'node:util';
import { killWithUpstream } from '../test/issuers/kill.ts';
import { killTest } from '../test/scenarios/kill.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '25' }, clients: { type: 'string', default: '6' } },
});
const report = await killTest({ kills: Number(values.kills), clients: Number(values.clients) });
console.log(
  `${report.kills} kills: ${report.acknowledged} acknowledged orders, all issued; ${report.interrupted} requests cut off; ` +
    `${report.acme.finalized} ACME orders finalized, each with one certificate and none charged twice, ` +
    `${report.acme.repeated} ACME calls repeated; ` +
    `${report.certificates} certificates, no serial twice; ledger and integrity_check ok`,
);

const buying = await killWithUpstream({ kills: Number(values.kills), orders: 16 });
console.log(
  `${buying.kills} kills while buying: ${buying.bought} orders at upstreams, none twice; ${buying.issued} issuances issued, ` +
    `${buying.givenUp} given up or refused, ${buying.waiting} left to the operator`,
);

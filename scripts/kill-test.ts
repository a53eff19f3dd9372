/** `npm run test:kill -- --kills 25`: the long form of the kill test, with a report. */
import { parseArgs } from 'node:util';
import { killTest } from '../test/scenarios/kill.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '25' }, clients: { type: 'string', default: '6' } },
});
const report = await killTest({ kills: Number(values.kills), clients: Number(values.clients) });
console.log(
  `${report.kills} kills: ${report.acknowledged} acknowledged orders, all issued; ${report.interrupted} requests cut off; ` +
    `${report.certificates} certificates, no serial twice; ledger and integrity_check ok`,
);

/**
 * `npm run test:chaos -- --kills 50 --restarts 10 --cuts 10 --frozen 75`: three nodes on a PostgreSQL database under load, while everything
 * that may go wrong does. It takes about a quarter of an hour. The server comes from npm, since it is stopped again and again.
 */
import { parseArgs } from 'node:util';
import { startPostgres } from './postgres-server.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    restarts: { type: 'string', default: '10' },
    cuts: { type: 'string', default: '10' },
    frozen: { type: 'string', default: '75' },
  },
});

const server = await startPostgres({ isDurable: true });
process.env.CERTMUX_TEST_POSTGRES = server.url;
// It reads where the server is when it is loaded.
const { chaosTest } = await import('../test/scenarios/chaos.ts');
const beganMs = performance.now();
const say = (line: string) => console.log(`${((performance.now() - beganMs) / 1000).toFixed(1)} s: ${line}`);
try {
  const report = await chaosTest({
    kills: Number(values.kills),
    restarts: Number(values.restarts),
    cuts: Number(values.cuts),
    frozenMs: Number(values.frozen) * 1000,
    async restartServer() {
      await server.halt();
      await server.resume();
    },
    say,
  });
  say(
    `${report.acknowledged} acknowledged orders, all issued; ${report.oneCall} certificates in one call; ${report.acme} ACME orders finalized; ` +
      `certificates by ${Object.entries(report.byDoor)
        .map(([api, count]) => `${api} ${count}`)
        .join(', ')}; ` +
      `${report.interrupted} requests cut off; ${report.certificates} certificates, no serial twice; ` +
      `${report.deliveries} webhook deliveries, all delivered; the ledger adds up`,
  );
} finally {
  await server.stop();
}
process.exit();

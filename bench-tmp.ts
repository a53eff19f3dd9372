import { createSession, orderBody, baseUrl, credentials, firstNumber } from './test/dialects/encryption365/harness.ts';
import { encryption365 } from './src/dialects/encryption365/index.ts';
import { createPublicSuffixes } from './src/system/public-suffix.ts';
import { randomBytes } from 'node:crypto';
const s = createSession();
await s.post('/cert/create', orderBody({csr_code: (await import('./test/dialects/encryption365/seed.ts')).ecCsr}));
const view = s.platform.hand.view(firstNumber);
s.platform.hand.issue(firstNumber);
const issued = s.platform.hand.view(firstNumber);
const caller = { dialect: 'encryption365', accountId: null, actor: 'x', credentialId: null, roles: [], address: '', requestId: '' } as any;
const platform = {
  authenticate: async () => caller,
  placeOrder: async (_c: any, r: any) => { for (const n of r.names) r.challengesFor(n); return { ...view, issuance: { ...view.issuance, csr: r.csr, proofReference: r.proofReference } }; },
  order: async () => issued,
} as any;
const nop = () => {};
const log = { debug: nop, info: nop, warn: nop, error: nop, child: () => log } as any;
const server = encryption365.createServer({ platform, administration: {} as any, clock: { now: () => new Date(), monotonicMs: () => performance.now(), sleep: async () => {} }, random: { bytes: (n: number) => randomBytes(n) }, log, publicSuffixes: createPublicSuffixes(), version: '', publicUrl: '', language: 'zh', config: undefined });
const peer = { address: '1', requestId: 'r' };
const { ecCsr } = await import('./test/dialects/encryption365/seed.ts');
const create = JSON.stringify({ ...credentials, ...orderBody({ csr_code: ecCsr }), period: 'quarterly' });
const details = JSON.stringify({ ...credentials, trustocean_id: firstNumber });
// lightweight request like @hono/node-server's: text() without streams
function light(path: string, body: string): Request {
  const headers = new Headers({ 'content-length': String(Buffer.byteLength(body)), 'content-type': 'application/json' });
  return { method: 'POST', url: baseUrl + path, headers, text: async () => body, body: null } as any;
}
async function run(name: string, path: string, body: string, make: (p: string, b: string) => Request) {
  for (let round = 0; round < 6; round++) {
    const n = 20000; const t = process.cpuUsage(); const t0 = performance.now();
    for (let i = 0; i < n; i++) { const r = await server.fetch(make(path, body), peer); if (i === 0 && round === 0) { const x = await r.text(); if (!x.includes('success')) console.log(x); } }
    const cpu = process.cpuUsage(t);
    console.log(name, ((performance.now() - t0) / n * 1000).toFixed(1), 'µs wall', ((cpu.user + cpu.system) / n).toFixed(1), 'µs cpu');
  }
}
const baseline = performance.now(); for (let i = 0; i < 20000; i++) light('/cert/create', create); console.log('making light requests', ((performance.now() - baseline) / 20000 * 1000).toFixed(1));
await run('create light', '/cert/create', create, light);




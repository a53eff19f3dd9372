import { StatementSync, DatabaseSync } from 'node:sqlite';
const counts = new Map<string, { n: number; ms: number }>();
let on = false;
let phase = '';
const byPhase = new Map<string, number>();
for (const name of ['get', 'all', 'run'] as const) {
  const original = (StatementSync.prototype as any)[name];
  (StatementSync.prototype as any)[name] = function (this: any, ...args: any[]) {
    if (!on) return original.apply(this, args);
    const t = performance.now();
    try { return original.apply(this, args); } finally {
      const key = this.sourceSQL.replace(/\s+/g, ' ');
      const e = counts.get(key) ?? { n: 0, ms: 0 }; e.n++; e.ms += performance.now() - t; counts.set(key, e);
      const p = `${phase}`; byPhase.set(p, (byPhase.get(p) ?? 0) + 1);
    }
  };
}
const { startWorld } = await import('./test/support/world.ts');
const { openAcmeAccount } = await import('./bench/acme-account.ts');
const { createAcmeKey, acmeNames, acmeNamesOf } = await import('./bench/customers/acme.ts');
const { makeRequests } = await import('./bench/requests.ts');
const { openConnection } = await import('./bench/http-connection.ts');
const { createNativeClient } = await import('./src/dialects/native/client.ts');
const N = 200;
const world = await startWorld({validation: {}});
world.dns.set(acmeNames, 'A', world.web.address);
const operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (r) => fetch(r) });
const account = await openAcmeAccount(await createAcmeKey(operator), { csrs: await makeRequests(N, acmeNamesOf), orders: N }, { namesOf: acmeNamesOf, placeFile: world.web.put });
const connection = await openConnection(world.url);
const traced = { ...connection, async send(call: any) { phase = call.path.split('/').slice(3).map((p: string) => p.replace(/_.*/, '')).join('/'); const r = await connection.send(call); return r; } };
for (let i = 0; i < 100; i++) await account.place(connection, i);
on = true;
let calls = 0;
for (let i = 100; i < N; i++) calls += (await account.place(traced, i)).calls;
await new Promise((r) => setTimeout(r, 300));
on = false;
const all = [...counts].sort((a, b) => b[1].n - a[1].n);
let total = 0, ms = 0;
for (const [sql, { n, ms: m }] of all) { total += n; ms += m; if (n >= 20) console.log((n / 100).toFixed(2), (m / n * 1000).toFixed(0).padStart(4) + 'us', sql.slice(0, 230)); }
console.log('per order: statements', total / 100, 'ms', ms / 100, 'calls', calls / 100);
for (const [p, n] of [...byPhase].sort((a, b) => b[1] - a[1])) console.log(p, n / 100);
connection.close();
await world.close();
process.exit(0);

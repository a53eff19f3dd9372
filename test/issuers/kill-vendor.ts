/**
 * Kills a core with SIGKILL at random moments while it buys from every vendor, whose doubles live on, restarts it each time until every
 * issuance has ended or waits for the operator, and then compares the vendors' books with the database.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../support/listen.ts';
import { readTable } from '../support/tables.ts';
import { doubleOf, vendorNames } from '../support/vendor-doors.ts';
import { mannersOf, waysOut } from '../support/vendor-scene.ts';
import type { Double } from '../support/vendors/books.ts';

export interface VendorKillReport {
  readonly kills: number;
  /** Of these, those in the middle of a call to a vendor. */
  readonly atCalls: number;
  /** Orders in the vendors' books. */
  readonly bought: number;
  readonly issued: number;
  readonly givenUp: number;
  /** Left to the operator, with the reason. */
  readonly waiting: number;
}

/** Of the moments at which it is killed, those in the middle of a call to a vendor. */
const callsAtMost = 30;
const moments = ['before', 'after', 'any'] as const;

/** The time of whoever calls, which the double goes by. */
export const timeHeader = 'x-time-of-caller';

export async function killAtVendors({
  kills,
  orders,
}: {
  readonly kills: number;
  /** Placed by each process. */
  readonly orders: number;
}): Promise<VendorKillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-vendor-kill-'));
  let now = new Date();
  let child: ChildProcess | undefined;
  let plan: { readonly moment: 'before' | 'after'; calls: number } | undefined;
  let atCalls = 0;
  const doubles: Double<string>[] = [];
  const reach = (moment: 'before' | 'after') => {
    if (moment !== plan?.moment || --plan.calls !== 0) return;
    atCalls++;
    child?.kill('SIGKILL');
  };
  const servers = await Promise.all(
    waysOut.map(async ({ vendor }) => {
      const far = doubleOf(vendor, () => ({ now: () => now }));
      const double = far.double ?? assert.fail('a double');
      await far.validate?.(['example.com']);
      doubles.push(Object.assign(double, { isProved: true }));
      const server = createServer(async (incoming, outgoing) => {
        const body = await buffer(incoming);
        now = new Date(String(incoming.headers[timeHeader]));
        reach('before');
        // It finds the proofs by itself, or when it is told to look.
        const open = double.orders.find(({ state }) => state === 'unproved');
        if (open !== undefined && Math.random() < 0.3) await double.prove(open.reference);
        const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
          typeof value === 'string' && !['host', 'connection'].includes(name)
            ? [[name, value] as [string, string]]
            : [],
        );
        const { method = 'GET', url = '/' } = incoming;
        const sent = method === 'GET' ? { method, headers } : { method, headers, body };
        const answer = await double.fetch(new Request(`https://vendor.example${url}`, sent));
        reach('after');
        outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
      });
      const port = await listen(server);
      return { url: `http://127.0.0.1:${port}`, server };
    }),
  );
  const acknowledged = new Set<string>();

  async function runOnce(run: number, isLast: boolean): Promise<void> {
    const startsAt = new Date(Date.UTC(2026, 5, 1) + run * 7_200_000).toISOString();
    const script = join(import.meta.dirname, 'kill-vendor-child.ts');
    const args = [script, folder, startsAt, String(run), String(isLast ? 0 : orders), ...servers.map(({ url }) => url)];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const exited = once(started, 'exit');
    for await (const line of createInterface({ input: started.stdout })) {
      if (line.startsWith('iss_')) acknowledged.add(line);
      if (line === 'over') started.kill('SIGKILL');
      if (line !== 'ready' || isLast) continue;
      const moment = moments[Math.floor(Math.random() * moments.length)] ?? 'any';
      if (moment === 'any') void sleep(Math.random() * 1000).then(() => started.kill('SIGKILL'));
      else plan = { moment, calls: 1 + Math.floor(Math.random() * callsAtMost) };
    }
    await exited;
    plan = undefined;
    assert.equal(started.signalCode, 'SIGKILL', 'it ended by itself');
  }

  try {
    for (let run = 0; run < kills; run++) await runOnce(run, false);
    await runOnce(kills, true);
    return { kills, atCalls, ...compare(join(folder, 'certmux.db'), doubles, acknowledged) };
  } finally {
    child?.kill('SIGKILL');
    for (const { server } of servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which states an issuance may end in. */
const ends = new Set<unknown>(['issued', 'failed', 'cancelled']);

/** Names of orders are used once, so that a purchase is known by them also where the vendor has no field for our reference. */
function compare(path: string, doubles: readonly Double<string>[], acknowledged: ReadonlySet<string>) {
  const file = new DatabaseSync(path);
  assert.equal(file.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  const bought = doubles.flatMap(({ orders }) => orders);
  const names = bought.map((order) => order.names.join());
  assert.equal(new Set(names).size, names.length, 'nothing was bought twice');

  const issuances = readTable(file, 'issuances');
  const ids = new Set(issuances.map(({ id }) => String(id)));
  for (const id of acknowledged) assert.ok(ids.has(id), `issuance ${id} is lost`);
  const certificates = readTable(file, 'certificates');
  const stored = new Set(certificates.map(({ der }) => hex(der)));
  const theirs = new Set(bought.flatMap(({ certificate }) => (certificate ? [hex(certificate.der)] : [])));
  for (const der of stored) assert.ok(theirs.has(der), 'a certificate that no vendor issued');

  const waiting = issuances.filter(({ state }) => !ends.has(state));
  const neverFound = new Set(vendorNames.filter((vendor) => mannersOf(vendor).lostPurchases === 'never'));
  for (const { id, issuer_id, rest_json } of waiting) {
    assert.match(String(rest_json), /"vendorReplyLost"/, `issuance ${id} waits and nobody knows why`);
    assert.ok(
      [...neverFound].some((vendor) => String(issuer_id).startsWith(vendor)),
      `${id} could be searched for`,
    );
  }
  const issued = issuances.filter(({ state }) => state === 'issued');
  const delivered = certificates.filter(({ is_withheld }) => is_withheld === 0);
  assert.deepEqual(
    delivered.map(({ issuance_id }) => issuance_id).toSorted(),
    issued.map(({ id }) => id).toSorted(),
    'one certificate for each issuance that is issued',
  );
  // What is bought and not stored is lost to a vendor that cannot be searched, and nothing else.
  // One that was cancelled after it was issued is revoked there.
  const isOver = ({ state, isRevoked }: (typeof bought)[number]) => state === 'cancelled' && isRevoked;
  const unstored = bought.filter(
    (one) => one.certificate !== undefined && !isOver(one) && !stored.has(hex(one.certificate.der)),
  );
  const isLost = ({ step }: Readonly<Record<string, unknown>>) => step === 'sent';
  const lost = readTable(file, 'vendor_orders').filter(isLost);
  const orders = unstored.map(({ names: [name], state }) => `${name} (${state})`).join(', ');
  assert.ok(unstored.length <= lost.length, `${orders} without a row, ${lost.length} lost replies`);
  file.close();
  return {
    bought: bought.length,
    issued: issued.length,
    givenUp: issuances.length - issued.length - waiting.length,
    waiting: waiting.length,
  };
}

function hex(bytes: unknown): string {
  assert.ok(bytes instanceof Uint8Array);
  return Buffer.from(bytes).toString('hex');
}

/**
 * Kills a core with SIGKILL at random moments while it buys from upstreams that live on, restarts it each time until every
 * issuance has ended, and then compares the upstreams' books with the database.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNastyUpstream, type NastyUpstream } from '../support/nasty-upstream.ts';
import { readTable } from '../support/tables.ts';
import { serveUpstream } from '../support/upstream-server.ts';

export interface UpstreamKillReport {
  readonly kills: number;
  /** Orders that the upstreams have. */
  readonly bought: number;
  readonly issued: number;
  readonly givenUp: number;
  /** Left to the operator, since the upstream cannot tell whether it has the order. */
  readonly waiting: number;
}

/** Of the moments at which it is killed, those in the middle of a call to an upstream. */
const callsAtMost = 40;
const kinds = ['before', 'after', 'any'] as const;

export async function killWithUpstream({
  kills,
  orders,
}: {
  readonly kills: number;
  /** Placed by each process. */
  readonly orders: number;
}): Promise<UpstreamKillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-upstream-kill-'));
  let now = new Date();
  const upstreams: NastyUpstream[] = [];
  for (const [takesOnce, relays] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    const upstream = await createNastyUpstream(() => ({ now: () => now }));
    upstreams.push(Object.assign(upstream, { takesOnce, relays, isSlow: true }));
  }
  /** Its process, and what is to happen to it at which call. */
  let child: ChildProcess | undefined;
  let plan: { readonly moment: 'before' | 'after'; calls: number } | undefined;
  const servers = await Promise.all(
    upstreams.map((upstream) =>
      serveUpstream(
        (at) => {
          now = at;
          return upstream;
        },
        async (moment, { operation, subject }) => {
          if (moment === plan?.moment && --plan.calls === 0) child?.kill('SIGKILL');
          const found = upstream.orders.find(({ reference }) => reference === subject);
          // It finds the proofs by itself, or when it is told to look.
          const looks = operation === 'check' || (operation === 'status' && Math.random() < 0.3);
          if (moment === 'before' && found?.state === 'unproved' && looks) await upstream.accept(subject);
          if (moment === 'before' && operation === 'status' && Math.random() < 0.5) {
            if (found?.state === 'pending') await upstream.decide(subject, Math.random() < 0.1 ? 'refused' : 'issued');
          }
        },
      ),
    ),
  );
  const acknowledged = new Set<string>();

  async function runOnce(run: number, isLast: boolean): Promise<void> {
    const startsAt = new Date(Date.UTC(2026, 5, 1) + run * 7_200_000).toISOString();
    const urls = servers.map(({ url }) => url);
    const script = join(import.meta.dirname, 'kill-child.ts');
    const args = [script, folder, startsAt, String(run), String(isLast ? 0 : orders), ...urls];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const exited = once(started, 'exit');
    for await (const line of createInterface({ input: started.stdout })) {
      if (line.startsWith('iss_')) acknowledged.add(line);
      if (line === 'over') started.kill('SIGKILL');
      if (line !== 'ready' || isLast) continue;
      const kind = kinds[Math.floor(Math.random() * kinds.length)] ?? 'any';
      if (kind === 'any') void sleep(Math.random() * 1000).then(() => started.kill('SIGKILL'));
      else plan = { moment: kind, calls: 1 + Math.floor(Math.random() * callsAtMost) };
    }
    await exited;
    plan = undefined;
    assert.equal(started.signalCode, 'SIGKILL', 'it ended by itself');
  }

  try {
    for (let run = 0; run < kills; run++) await runOnce(run, false);
    await runOnce(kills, true);
    return { kills, ...compare(join(folder, 'certmux.db'), upstreams, acknowledged) };
  } finally {
    child?.kill('SIGKILL');
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which states an issuance may end in. */
const ends = new Set<unknown>(['issued', 'failed', 'cancelled']);

function compare(path: string, upstreams: readonly NastyUpstream[], acknowledged: ReadonlySet<string>) {
  const file = new DatabaseSync(path);
  const all = (sql: string) => file.prepare(sql).all();
  assert.equal(all('PRAGMA integrity_check')[0]?.integrity_check, 'ok');
  const bought = upstreams.flatMap((one) => one.orders);
  const ids = bought.map(({ clientReference }) => clientReference);
  assert.equal(new Set(ids).size, ids.length, 'never two upstream orders for one issuance');

  const issuances = new Map(readTable(file, 'issuances').map((row) => [String(row.id), row]));
  for (const id of [...acknowledged, ...ids]) assert.ok(issuances.has(id), `issuance ${id} is lost`);
  const certificates = readTable(file, 'certificates');
  const rows = new Set(certificates.map(({ der }) => hex(der)));
  const waiting = [...issuances.values()].filter(({ state }) => !ends.has(state));
  for (const { id, state, rest_json } of waiting) {
    assert.match(String(rest_json), /"upstreamUnclear"/, `issuance ${id} is ${state} and nobody knows why`);
  }
  const isWaiting = new Set(waiting.map(({ id }) => String(id)));
  for (const { clientReference, der, delivered } of bought) {
    assert.ok(!isWaiting.has(clientReference), 'an order that the upstream has was found');
    for (const one of der === undefined ? [] : [der]) assert.ok(rows.has(hex(one)), 'a certificate without a row');
    for (const one of delivered) assert.ok(rows.has(hex(one)), 'a certificate that was delivered without a row');
  }
  const theirs = new Set(bought.flatMap(({ der }) => (der === undefined ? [] : [hex(der)])));
  assert.deepEqual(rows, theirs, 'the certificates are those that the upstreams issued');
  const valid = certificates.filter(({ is_withheld }) => is_withheld === 0);
  const issued = [...issuances.values()].filter(({ state }) => state === 'issued');
  assert.deepEqual(
    valid.map(({ issuance_id }) => issuance_id).toSorted(),
    issued.map(({ id }) => id).toSorted(),
    'one certificate for each issuance that is issued',
  );
  for (const { id, issuer_id } of waiting) assert.notEqual(issuer_id, 'once', `${id} could have been sent again`);
  file.close();
  return {
    bought: bought.length,
    issued: issued.length,
    givenUp: issuances.size - issued.length - waiting.length,
    waiting: waiting.length,
  };
}

function hex(bytes: unknown): string {
  assert.ok(bytes instanceof Uint8Array);
  return Buffer.from(bytes).toString('hex');
}

/** From an order to its certificate: proofs are placed, looked for, and taken away again. */
import { CommandFailure } from '../cli/failure.ts';
import type { GetRequest } from '../cli/get-request.ts';
import type { WireOrder } from '../dialects/native/schema.ts';
import { CertError } from '../domain/errors.ts';
import type { CertificateFolder, Pending, Placed } from './certificate-folder.ts';
import { lastCheckOf, type Standing, standingOf } from './order-standing.ts';
import { type ProofPlace, proofsToPlace } from './proof-place.ts';
import { type GetWorld, Interrupted, pause, problemOf, Unfinished } from './world.ts';

/** A web server or a port forwarding is there at once or not at all; DNS takes its time, up to the limit. */
const fileLooks = 5;
const pausesMs = [500, 1000, 1000, 2000, 3000];
const longestPauseMs = 5000;

export interface Followed {
  readonly request: GetRequest;
  readonly folder: CertificateFolder;
  readonly pending: Pending;
  readonly order: WireOrder;
  readonly place: ProofPlace;
}

/** @returns the number of the certificate @throws {CommandFailure} */
export async function followOrder(world: GetWorld, followed: Followed): Promise<number> {
  const placed: Placed[] = [];
  try {
    return await untilIssued(world, followed, placed);
  } finally {
    for (const one of placed) await takeAway(world, followed.place, one);
    // The order may be gone on with; there is nothing left to take away then.
    if (placed.length > 0)
      await followed.folder.note({ ...followed.pending, order: followed.order.number, placed: [] });
  }
}

export async function takeAway({ say, words }: GetWorld, place: ProofPlace, placed: Placed): Promise<void> {
  try {
    await place.remove(placed);
  } catch (thrown) {
    // Why the rest failed, if it did, is the more useful message.
    say(words.notRemoved(problemOf(thrown)));
  }
}

async function untilIssued(world: GetWorld, followed: Followed, placed: Placed[]): Promise<number> {
  const { client, clock, words } = world;
  const { request } = followed;
  const reference = { order: followed.order.id };
  const looks = createLooks(world, request);
  const startedMs = clock.monotonicMs();
  let isPlaced = false;
  let order = followed.order;
  for (let turn = 0; ; turn++) {
    const standing = standingOf(order);
    if (standing.kind === 'issued') return standing.certificate;
    if (standing.kind === 'over') throw new CommandFailure('issuerRefused', words.over(order.number, standing.why));
    if (standing.kind === 'waits') throw new Unfinished('wrongState', words.waits(order.number, order.summary));
    const isNewlyPlaced = standing.kind === 'unproved' && !isPlaced;
    if (isNewlyPlaced) {
      looks.begin(standing);
      await placeAll(world, followed, order, placed);
      isPlaced = true;
    }
    const hasFailed = standing.kind === 'unproved' && looks.note(standing);
    if (clock.monotonicMs() - startedMs > request.timeoutSeconds * 1000) throw looks.timeUp(order, standing);
    if (world.signal.aborted) throw new Interrupted(words);
    if (!isNewlyPlaced) await pause(world, pausesMs[turn] ?? longestPauseMs);
    order = isNewlyPlaced || hasFailed ? await lookNow(world, reference) : await client.orders.show(reference);
  }
}

/** The server looks by itself as well, so that a refusal to look now only costs time. */
async function lookNow({ client }: GetWorld, reference: { readonly order: string }): Promise<WireOrder> {
  try {
    return await client.orders.check(reference);
  } catch (thrown) {
    if (thrown instanceof CertError && ['rateLimited', 'wrongState'].includes(thrown.code)) {
      return client.orders.show(reference);
    }
    throw thrown;
  }
}

async function placeAll(world: GetWorld, followed: Followed, order: WireOrder, placed: Placed[]): Promise<void> {
  const { request, folder, place, pending } = followed;
  for (const proof of proofsToPlace(order, request.place, world.words)) {
    if (world.signal.aborted) throw new Interrupted(world.words);
    const note = place.noteOf(proof);
    if (note !== undefined) {
      placed.push(note);
      await folder.note({ ...pending, order: order.number, placed });
    }
    world.say(world.words.placed(await place.place(proof)));
  }
}

/** What the looks at the proofs found since they were placed. */
function createLooks({ words, say }: GetWorld, { place, timeoutSeconds }: GetRequest) {
  const method = place.kind === 'dnsHook' ? 'dnsTxt' : 'httpFile';
  const seen = new Map<string, string | undefined>();
  const failures = new Map<string, { readonly count: number; readonly problem: string }>();
  const notProved = (name: string, problem: string) =>
    new CommandFailure('validationFailed', words.notProved(name, problem, place.kind));

  return {
    /** Earlier looks say nothing: there was nothing to find. */
    begin({ names }: Extract<Standing, { kind: 'unproved' }>) {
      for (const name of names) seen.set(name.name, lastCheckOf(name, method)?.checkedAt);
    },

    /** @returns whether somebody has looked in vain again @throws {CommandFailure} when that is enough */
    note({ names }: Extract<Standing, { kind: 'unproved' }>): boolean {
      let hasFailed = false;
      for (const { name, check } of names.map((one) => ({ name: one.name, check: lastCheckOf(one, method) }))) {
        if (check === null || check.checkedAt === seen.get(name)) continue;
        seen.set(name, check.checkedAt);
        if (check.proved) continue;
        hasFailed = true;
        const before = failures.get(name);
        const problem = check.problem ?? '';
        if (problem !== before?.problem) say(words.waiting(name, problem));
        const count = (before?.count ?? 0) + 1;
        failures.set(name, { count, problem });
        if (method === 'httpFile' && count >= fileLooks) throw notProved(name, problem);
      }
      return hasFailed;
    },

    timeUp(order: WireOrder, standing: Standing): CommandFailure {
      if (standing.kind !== 'unproved') return new Unfinished('unavailable', words.slow(order.number, timeoutSeconds));
      const [first] = standing.names;
      const name = standing.names.find((one) => failures.has(one.name)) ?? first;
      const problem = name && failures.get(name.name)?.problem;
      if (name === undefined || problem === undefined) {
        return new CommandFailure('unavailable', words.notLookedFor(name?.name ?? '', timeoutSeconds));
      }
      return notProved(name.name, problem);
    },
  };
}

/**
 * One run of `certmux get`: nothing where the certificate is good; else an order, its proofs, and the certificate in its folder.
 * Safe to kill at any instant: the next run takes away what this one placed, and goes on with its order.
 */
import { CommandFailure } from '../cli/failure.ts';
import type { Cause, GetRequest, GetResult } from '../cli/get-request.ts';
import type { WireOrder } from '../dialects/native/schema.ts';
import { CertError } from '../domain/errors.ts';
import { identifierOf, isIp } from '../domain/identifier.ts';
import { base32 } from '../domain/ids.ts';
import {
  type CertificateFolder,
  openCertificateFolder,
  type Pending,
  type Placed,
  type Version,
} from './certificate-folder.ts';
import { followOrder, takeAway } from './follow-order.ts';
import { csrPemOf, newKeyPem } from './key-and-csr.ts';
import { orderingAccount } from './ordering-account.ts';
import { createProofPlace } from './places.ts';
import type { ProofPlace } from './proof-place.ts';
import { reload } from './reload.ts';
import { areSame, causeToReplace, filesOf, type Held, held, readCertificate, renewAtOf } from './stored-certificate.ts';
import { createWebrootPlace } from './webroot-place.ts';
import { type GetWorld, problemOf, Unfinished } from './world.ts';

/** @throws {CommandFailure} */
export async function getCertificate(world: GetWorld, request: GetRequest): Promise<GetResult> {
  requireFitting(world, request);
  const folder = await open(world, request);
  try {
    const place = createProofPlace(request, world.words, world.runCommand);
    const left = await folder.pending();
    for (const placed of left?.pending.placed ?? []) await takeAwayLeft(world, request, place, placed);
    const found = await lookAt(folder);
    const cause = await causeOf(world, request, found);
    if (cause === undefined && typeof found === 'object') {
      if (left !== undefined) await giveUp(world, folder, left.pending.order);
      await reload(world, folder, request);
      return resultOf(folder, request, { version: found.version, cause: null });
    }
    await place.open();
    try {
      return await order(world, { request, folder, place, left, found, cause: cause ?? 'first' });
    } finally {
      await place.close();
    }
  } finally {
    folder.unlock();
  }
}

/** What can be refused before anything else is done. */
function requireFitting({ words }: GetWorld, { names, place }: GetRequest): void {
  for (const identifier of names.map(identifierOf)) {
    if (place.kind === 'dnsHook' && isIp(identifier)) {
      throw new CommandFailure('usage', words.addressNeedsFile(identifier.value));
    }
    if (place.kind !== 'dnsHook' && identifier.kind === 'wildcard') {
      throw new CommandFailure('usage', words.wildcardNeedsHook(identifier.value));
    }
  }
}

async function open({ words }: GetWorld, { out, names }: GetRequest): Promise<CertificateFolder> {
  try {
    const folder = await openCertificateFolder(out, names[0] ?? '');
    if (folder === 'locked') throw new CommandFailure('conflict', words.locked(out));
    return folder;
  } catch (thrown) {
    if (thrown instanceof CommandFailure) throw thrown;
    throw new CommandFailure('usage', words.folderFailed(out, problemOf(thrown)));
  }
}

/** A file is taken away wherever it is. A record by the hook; where there is none, the person is told of it. */
async function takeAwayLeft(world: GetWorld, request: GetRequest, place: ProofPlace, placed: Placed): Promise<void> {
  if (placed.kind === 'file') await takeAway(world, createWebrootPlace(placed.webroot, world.words), placed);
  else if (request.place.kind === 'dnsHook') await takeAway(world, place, placed);
  else world.say(world.words.notRemoved(`${placed.host} TXT ${placed.value}`));
}

async function lookAt(folder: CertificateFolder): Promise<Held | 'none' | 'broken'> {
  try {
    const version = await folder.current();
    return version === undefined ? 'none' : held(version);
  } catch {
    return 'broken';
  }
}

async function causeOf(
  { client, clock, say, words }: GetWorld,
  request: GetRequest,
  found: Held | 'none' | 'broken',
): Promise<Cause | undefined> {
  if (found === 'none') return 'first';
  if (found === 'broken') return 'broken';
  const cause = causeToReplace(found, request, clock.now());
  if (cause !== undefined) return cause;
  try {
    const { state, serial } = await client.certificates.show({ certificate: String(found.version.about.certificate) });
    // A server that was set up again gives the numbers again.
    if (serial.toLowerCase() !== found.certificate.serialHex) return 'unknown';
    return state === 'revoked' ? 'revoked' : undefined;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'notFound') return 'unknown';
    say(words.cannotLook(problemOf(thrown)));
    return undefined;
  }
}

interface Ordering {
  readonly request: GetRequest;
  readonly folder: CertificateFolder;
  readonly place: ProofPlace;
  readonly left: { readonly pending: Pending; readonly keyPem: string } | undefined;
  readonly found: Held | 'none' | 'broken';
  readonly cause: Cause;
}

async function order(world: GetWorld, ordering: Ordering): Promise<GetResult> {
  const { request, folder, place, cause } = ordering;
  const { client, clock, words } = world;
  const { pending, keyPem, placed } = await placeOrResume(world, ordering);
  let certificate: number;
  try {
    certificate = await followOrder(world, { request, folder, place, pending, order: placed });
    const details = await client.certificates.show({ certificate: String(certificate) });
    const files = await filesOf(details, { keyPem, names: request.names, now: clock.now(), words });
    const { names, product, keyType } = request;
    await folder.store(files, { names, product, keyType, order: placed.number, certificate }, clock.now());
  } catch (thrown) {
    if (cannotGoOn(thrown)) await giveUp(world, folder, placed.number);
    throw thrown;
  }
  await folder.endPending();
  await reload(world, folder, request);
  const version = await folder.current();
  if (version === undefined) throw new Error(`${folder.path} holds nothing although it was stored`);
  return resultOf(folder, request, { version, cause });
}

/** What somebody else decides, or a server that is away, is waited for; anything else would end in the same way again. */
function cannotGoOn(thrown: unknown): boolean {
  if (thrown instanceof Unfinished) return false;
  return thrown instanceof CommandFailure;
}

async function placeOrResume(
  world: GetWorld,
  ordering: Ordering,
): Promise<{ readonly pending: Pending; readonly keyPem: string; readonly placed: WireOrder }> {
  const { request, folder, left, cause } = ordering;
  const { client, say, words } = world;
  if (left !== undefined && isFor(left.pending, request)) {
    const resumed = await resume(world, left.pending);
    if (resumed !== undefined) {
      say(words.resuming(resumed.number));
      return { ...left, placed: resumed };
    }
  }
  if (left !== undefined) await giveUp(world, folder, left.pending.order);
  say(words.ordering(request.names.join(', '), words.causes[cause]));
  const account = await orderingAccount(world, request.account);
  const { names, product, keyType } = request;
  const keyPem = await newKeyPem(keyType);
  const pending: Pending = {
    names,
    product,
    keyType,
    account: request.account ?? null,
    organization: request.organization ?? null,
    renewalOf: await renewedBy(world, ordering, account?.id),
    csrPem: await csrPemOf(keyPem, names),
    idempotencyKey: base32(world.random.bytes(16)),
    order: null,
    placed: [],
  };
  await folder.begin(pending, keyPem);
  try {
    const placed = await client.orders.place(...requestOf(pending, account?.id));
    await folder.note({ ...pending, order: placed.number });
    return { pending, keyPem, placed };
  } catch (thrown) {
    // Refused: there is no order that could be gone on with. One that was not answered may be there.
    if (thrown instanceof CertError && thrown.code !== 'unavailable') await folder.endPending();
    throw thrown;
  }
}

function requestOf(pending: Pending, account: string | undefined) {
  const { product, csrPem, names, renewalOf, organization, idempotencyKey } = pending;
  const input = {
    productCode: product,
    csr: csrPem,
    names: [...names],
    renewalOf: renewalOf === null ? undefined : String(renewalOf),
    organization: organization ?? undefined,
    account,
  };
  return [input, { idempotencyKey }] as const;
}

function isFor(pending: Pending, { names, product, keyType, account, organization }: GetRequest): boolean {
  return (
    areSame(pending.names, names) &&
    pending.product === product &&
    pending.keyType === keyType &&
    pending.account === (account ?? null) &&
    pending.organization === (organization ?? null)
  );
}

/** The order of a run that did not end; undefined where it came to nothing. */
async function resume(world: GetWorld, pending: Pending): Promise<WireOrder | undefined> {
  const { client } = world;
  try {
    if (pending.order !== null) {
      const found = await client.orders.show({ order: String(pending.order) });
      return ['open', 'active'].includes(found.state) ? found : undefined;
    }
    const account = await orderingAccount(world, pending.account ?? undefined);
    return await client.orders.place(...requestOf(pending, account?.id));
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code !== 'unavailable') return undefined;
    throw thrown;
  }
}

/** What is left of a paid coverage is added to the order that follows it. */
async function renewedBy(
  { client }: GetWorld,
  { found, cause }: Ordering,
  accountId: string | undefined,
): Promise<number | null> {
  if (typeof found !== 'object' || cause !== 'due') return null;
  const { order: number } = found.version.about;
  try {
    const renewed = await client.orders.show({ order: String(number) });
    const isOwn = accountId === undefined || renewed.accountId === accountId;
    return isOwn && renewed.state === 'active' ? number : null;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'notFound') return null;
    throw thrown;
  }
}

/** Cancels what has no certificate yet; what was issued meanwhile stays with the server. */
async function giveUp(
  { client, say, words }: GetWorld,
  folder: CertificateFolder,
  number: number | null,
): Promise<void> {
  try {
    if (number !== null) {
      const { state } = await client.orders.show({ order: String(number) });
      if (state === 'open') {
        await client.orders.cancel({ order: String(number) });
        say(words.cancelled(number));
      }
    }
    await folder.endPending();
  } catch (thrown) {
    if (number !== null) say(words.notCancelled(number));
    if (thrown instanceof CertError && thrown.code !== 'unavailable') await folder.endPending();
  }
}

function resultOf(
  folder: CertificateFolder,
  { names, renewWithinDays }: GetRequest,
  { version, cause }: { readonly version: Version; readonly cause: Cause | null },
): GetResult {
  const certificate = readCertificate(version.certificatePem);
  return {
    isNew: cause !== null,
    cause,
    names,
    order: version.about.order,
    certificate: version.about.certificate,
    notAfter: certificate.notAfter.toISOString(),
    renewAt: renewAtOf(certificate, renewWithinDays).toISOString(),
    folder: folder.path,
    key: `${folder.path}/key.pem`,
    fullchain: `${folder.path}/fullchain.pem`,
  };
}

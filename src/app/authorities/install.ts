/**
 * Puts certificates of a CA outside in place. All is checked before anything changes, and all changes in one transaction: cut off at any
 * point, either nothing happened or everything did.
 */
import { type Authority, type AuthorityRequest, fromTheStart } from '../../domain/authority.ts';
import type { Caller } from '../../domain/caller.ts';
import { type Reason, reason, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { Authorities, InstalledChange } from '../../domain/ports/authorities.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { profileAt } from '../../domain/profile.ts';
import { type CaChain, chainAbove, endOfChain, examineChain } from '../../pki/ca-examination.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { parseCsr } from '../../pki/csr.ts';
import { requestedPathLength } from '../../pki/csr-path-length.ts';
import { formatName } from '../../pki/name.ts';
import type { AppContext } from '../context.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { certificatesIn, keyKindOfCa } from './files.ts';
import { keeperOf, recordAuthority } from './keeper.ts';
import { namesOutside } from './names-outside.ts';
import { policiesDemanded } from './policies-demanded.ts';

const dayMs = 86_400_000;

/** What is to be installed: the certificate, and for which key of ours. */
interface Target {
  readonly chain: CaChain;
  readonly request: AuthorityRequest | undefined;
  /** That has the key already. */
  readonly authority: Authority | undefined;
}

interface Step {
  readonly authority: Authority;
  readonly change: InstalledChange;
  /** The certificate that it had before. */
  readonly replaced?: Uint8Array;
}

export function createInstall(context: AppContext): Pick<Authorities, 'install'> {
  const { database, clock, queue, profiles } = context;

  return {
    async install(caller, { files, isDryRun = false, allowsShorter = false }) {
      const keeper = keeperOf(context);
      const given = files.flatMap(certificatesIn);
      const now = clock.now();
      const { targets, warnings } = await targetsAmong(database.read, { issuerId: keeper.id, given });
      for (const { chain } of targets) {
        await examineChain(chain, now);
        if (!allowsShorter) requireLongEnough(chain);
      }
      for (const { chain } of targets) warnings.push(...policiesDemanded(chain, profiles));
      warnings.push(...(await namesOutside(database.read, { chains: targets.map(({ chain }) => chain), now })));
      const isWritten = !isDryRun;
      // The other reading is inside: what was checked is the certificates, and they are the same.
      const steps = isWritten
        ? await database.write((tx) => apply(tx, { caller, targets, now }))
        : await planOf(database.read, { targets, now });
      if (isWritten) {
        await keeper.refresh();
        queue.wake();
      }
      return { authorities: steps.map(({ authority, change }) => ({ authority, change })), warnings, isDryRun };
    },
  };

  /** A certificate that ends soon would refuse the orders of some profile from its first day on. */
  function requireLongEnough(chain: CaChain): void {
    const first = endOfChain(chain);
    const now = clock.now();
    for (const one of profiles.values()) {
      const { id, maxValidityDays: days } = profileAt(one, now);
      if (first.notAfter.getTime() >= now.getTime() + days * dayMs) continue;
      const until = first.notAfter.toISOString();
      throw refuse('caTooShort', { subject: formatName(first.subject), until, profile: id, days });
    }
  }

  async function planOf(
    stores: Stores,
    { targets, now }: { readonly targets: readonly Target[]; readonly now: Date },
  ): Promise<readonly Step[]> {
    const known = [...(await stores.authorities.list())];
    return targets.flatMap((target) => stepsOf(target, { known, now, context }));
  }

  async function apply(
    tx: Stores,
    { caller, targets, now }: { readonly caller: Caller; readonly targets: readonly Target[]; readonly now: Date },
  ): Promise<readonly Step[]> {
    const steps = await planOf(tx, { targets, now });
    // What others hang under comes first.
    for (const step of steps.toReversed()) await put(tx, { step, caller, now });
    for (const { request } of targets) if (request !== undefined) await tx.authorities.removeRequest(request.id);
    for (const { authority, change } of steps) {
      if (change === 'kept' || authority.keyPlace === 'outside') continue;
      // The first list, and one that says the new name of the key where it has changed.
      await tx.jobs.enqueue({ kind: 'publishCrl', subject: authority.id, runAt: now });
    }
    await wakeResting(context, tx, null);
    return steps;
  }
}

async function put(
  tx: Stores,
  { step, caller, now }: { readonly step: Step; readonly caller: Caller; readonly now: Date },
): Promise<void> {
  const { authority, change, replaced } = step;
  const { id, role, subject, notAfter, keyPlace } = authority;
  if (change === 'kept') return;
  if (change === 'made') await tx.authorities.insert(authority);
  else await tx.authorities.change(authority);
  if (replaced !== undefined)
    await tx.authorities.insertReplaced({ authorityId: id, replacedAt: now, certificate: replaced });
  const kind = ({ made: 'installed', renewed: 'renewed', retired: 'retired' } as const)[change];
  const data = { role, subject, notAfter, keyPlace };
  await recordAuthority(tx, { kind: `authority.${kind}`, caller, subject: id, at: now, data });
}

/** The certificates for keys of ours, each with all above it. */
async function targetsAmong(
  stores: Stores,
  { issuerId, given }: { readonly issuerId: string; readonly given: readonly Certificate[] },
): Promise<{ readonly targets: readonly Target[]; readonly warnings: Reason[] }> {
  const authorities = (await stores.authorities.list()).filter((one) => one.issuerId === issuerId);
  const requests = (await stores.authorities.listRequests()).filter((one) => one.issuerId === issuerId);
  const own = authorities.filter(({ keyPlace }) => keyPlace === 'here');
  const known = authorities.map(({ certificate }) => parseCertificate(certificate));
  const found: (Omit<Target, 'chain'> & { readonly certificate: Certificate })[] = [];
  for (const certificate of distinct(given)) {
    const request = requests.find(({ csr }) => parseCsr(csr).publicKey.spkiDer.equals(certificate.spkiDer));
    const authority = own.find((one) => parseCertificate(one.certificate).spkiDer.equals(certificate.spkiDer));
    // Roots of our own may be among the files, as what hangs under them needs them.
    if (request === undefined && (authority === undefined || authority.role === 'root')) continue;
    const rival = found.find((one) => one.certificate.spkiDer.equals(certificate.spkiDer));
    if (rival !== undefined) throw refuse('certificatesForOneKey', { subject: formatName(certificate.subject) });
    found.push({ certificate, request, authority });
  }
  if (found.length === 0) throw forNoKey(given, requests);
  const targets = await Promise.all(
    found.map(async ({ certificate, ...target }) => ({
      ...target,
      chain: await chainAbove(
        certificate,
        [...given, ...known].filter((one) => one !== certificate),
      ),
    })),
  );
  const used = new Set(targets.flatMap(({ chain }) => chain.map(({ der }) => der.toString('base64'))));
  const unused = distinct(given).filter(({ der }) => !used.has(der.toString('base64')));
  const renamed = targets.flatMap(({ chain: [certificate], request }) =>
    request === undefined || request.subject === formatName(certificate.subject)
      ? []
      : [reason('subjectDiffers', { asked: request.subject, found: formatName(certificate.subject) })],
  );
  return {
    targets,
    warnings: [
      ...renamed,
      ...targets.flatMap(pathLengthDiffers),
      ...unused.map(({ subject }) => reason('certificateNotUsed', { subject: formatName(subject) })),
    ],
  };
}

/** What the request asks for is what the operator wants; what came is what clients go by. */
function pathLengthDiffers({ chain: [certificate], request }: Target): readonly Reason[] {
  const asked = request && requestedPathLength(parseCsr(request.csr));
  const { pathLength: found = null, subject } = certificate;
  if (asked === undefined || asked === found) return [];
  return [reason('pathLengthDiffers', { subject: formatName(subject), asked, found })];
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return certificates.filter(({ der }, place) => certificates.findIndex((other) => other.der.equals(der)) === place);
}

function forNoKey(given: readonly Certificate[], requests: readonly AuthorityRequest[]) {
  const some = (texts: readonly string[]) => texts.slice(0, 3).join('; ') + (texts.length > 3 ? '; …' : '');
  const subjects = some(given.map(({ subject }) => formatName(subject)));
  return refuse('certificateForNoKey', { subjects, waiting: some(requests.map(({ subject }) => subject)) });
}

/**
 * What changes for one of them, and for those above it.
 * @param known grows by what is made, so that two targets under one root make it once
 */
function stepsOf(
  { chain, request, authority: ownBefore }: Target,
  { known, now, context }: { readonly known: Authority[]; readonly now: Date; readonly context: AppContext },
): readonly Step[] {
  const { id: issuerId } = keeperOf(context);
  const steps: Step[] = [];
  let parentId: Authority['parentId'] = null;
  // From the root down, since each names the one above it.
  for (const certificate of chain.slice(1).toReversed()) {
    const step = placed(certificate, parentId, known.find(isOf(certificate)));
    parentId = step.authority.id;
    steps.unshift(step);
  }
  const [certificate] = chain;
  const own = placed(certificate, parentId, ownBefore);
  steps.unshift(own);
  const former = request?.followsId == null ? undefined : known.find(({ id }) => id === request.followsId);
  if (former === undefined || former.retiredAt !== null) return steps;
  return [...steps, { authority: { ...former, retiredAt: now }, change: 'retired' }];

  function placed(certificate: Certificate, parent: Authority['parentId'], before: Authority | undefined): Step {
    const now_ = { certificate: certificate.der, notAfter: certificate.notAfter, parentId: parent };
    if (before !== undefined) {
      const isSame = certificate.der.equals(before.certificate) && before.parentId === parent;
      if (isSame) return { authority: before, change: 'kept' };
      const replaced = certificate.der.equals(before.certificate) ? {} : { replaced: before.certificate };
      const renewed = { ...before, ...now_ };
      known.splice(known.indexOf(before), 1, renewed);
      return { authority: renewed, change: 'renewed', ...replaced };
    }
    const isOwn = certificate === chain[0];
    const made: Authority = {
      id: isOwn && request !== undefined ? request.id : newId('authority', context),
      issuerId,
      role: !isOwn && parent === null ? 'root' : 'intermediate',
      keyKind: keyKindOfCa(certificate),
      subject: formatName(certificate.subject),
      createdAt: now,
      ...fromTheStart,
      keyPlace: isOwn ? 'here' : 'outside',
      ...now_,
    };
    known.push(made);
    return { authority: made, change: 'made' };
  }
}

/** The same key under the same name: another certificate of it replaces the one that is there. */
function isOf({ spkiDer, subject }: Certificate): (authority: Authority) => boolean {
  return ({ certificate }) => {
    const known = parseCertificate(certificate);
    return known.spkiDer.equals(spkiDer) && known.subject.der.equals(subject.der);
  };
}

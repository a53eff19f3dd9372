/**
 * Taking over a CA that was run elsewhere. What it had issued is handed in first, under the id of an authority that does not exist yet, and
 * nobody reads it; then one transaction makes the authority, with its key, its certificate and the number of its last list. A crash at any
 * point before it leaves nothing but serials that are forgotten after a day.
 */
import { type Authority, fromTheStart, type OwnKeyKind } from '../../domain/authority.ts';
import type { Caller } from '../../domain/caller.ts';
import { type Reason, reason, refuse } from '../../domain/errors.ts';
import { type AuthorityId, isId, newId } from '../../domain/ids.ts';
import type { AuthorityImport, ImportedAuthority, ImportRequest } from '../../domain/ports/authority-import.ts';
import { type AuthorityKeeper, keepsAuthorities } from '../../domain/ports/authority-keeper.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { longestDays } from '../../domain/profile.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import type { AppContext } from '../context.ts';
import { nextTurn } from '../in-turns.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { type FormerList, readFormerList, serialsOfList, servedList } from './former-list.ts';
import { type ImportParts, isSelfIssued, ownKindOf, withParts } from './import-parts.ts';
import { createImportedSerials } from './imported-serials.ts';
import { policiesDemanded } from './policies-demanded.ts';

const dayMs = 86_400_000;
/** Entries of a list that one transaction puts: some milliseconds. */
const entriesAtOnce = 500;

export function createAuthorityImport(context: AppContext): AuthorityImport {
  const { database, clock, queue } = context;
  const { read } = database;

  function keeper(): AuthorityKeeper {
    const found = [...context.issuers.values()].find((issuer) => keepsAuthorities(issuer));
    if (found === undefined) throw refuse('issuerUnavailable', { issuer: 'embedded' });
    return found;
  }

  async function withRequest<T>(
    request: ImportRequest,
    work: (parts: ImportParts, known: Known) => Promise<T>,
  ): Promise<T> {
    const authorities = await read.authorities.list();
    const known = authorities.map(({ certificate }) => parseCertificate(certificate));
    return withParts(request, { now: clock.now(), known }, async (parts) => {
      const before = sameKey(authorities, parts.chain[0]);
      const served = before === undefined ? null : await listServedOf(before, parts.chain[0]);
      const isNewer = served !== null && (parts.list === null || served.number > parts.list.number);
      const list = isNewer ? served : parts.list;
      const upload = request.upload === null ? null : await requireUpload(read, request.upload);
      return work({ ...parts, list, listNumber: Math.max(parts.listNumber, list?.number ?? 0) }, { before, upload });
    });
  }

  /** Of one whose key comes back the last list is here: what it names stays revoked, although nobody gives it again. */
  async function listServedOf({ id }: Authority, own: Certificate): Promise<FormerList | null> {
    const served = await read.crls.headOf(id);
    return served?.isWhole === true
      ? readFormerList(Buffer.from(served.head).toString('base64'), own, clock.now())
      : null;
  }

  /** With what the list says, which the upload need not know. Nobody reads them before there is the authority. */
  async function putList({ list, chain }: ImportParts, upload: AuthorityId | null): Promise<AuthorityId> {
    const id = upload ?? newId('authority', context);
    if (upload === null) await database.write((tx) => tx.importedSerials.insertUpload(id, clock.now()));
    const serials = list === null ? [] : serialsOfList(list, { authorityId: id, notAfter: chain[0].notAfter });
    for (let from = 0; from < serials.length; from += entriesAtOnce) {
      const some = serials.slice(from, from + entriesAtOnce);
      await database.write((tx) => tx.importedSerials.putRevocations(some));
      await nextTurn();
    }
    return id;
  }

  async function commit(caller: Caller, parts: ImportParts, { upload, issuer }: Committed): Promise<Authority> {
    const [own] = parts.chain;
    return database.write(async (tx) => {
      const now = clock.now();
      const authorities = await tx.authorities.list();
      // Of another request meanwhile.
      const before = sameKey(authorities, own);
      // Forgotten meanwhile, or imported by another request: its serials are not complete, or gone.
      if (!(await tx.importedSerials.hasUpload(upload))) throw refuse('uploadUnknown', { upload });
      const authority: Authority = {
        // Of one whose key comes back, what became of it stays: that it was retired, or revoked.
        ...(before ?? { ...fromTheStart, id: upload, issuerId: issuer.id, createdAt: now }),
        keyPlace: 'here',
        role: roleOf(own),
        keyKind: parts.keyKind,
        parentId: await putAbove(context, tx, { chain: parts.chain, authorities, issuerId: issuer.id }),
        subject: formatName(own.subject),
        certificate: own.der,
        notAfter: own.notAfter,
        importedAt: now,
      };
      if (before === undefined) await tx.authorities.insert(authority);
      else {
        await tx.authorities.change(authority);
        await tx.importedSerials.rename(upload, before.id);
      }
      const { id } = authority;
      await tx.authorities.insertKey(id, context.keySealer.seal(parts.pkcs8, { kind: 'authorityKey', id }), now);
      const former = servedList(id, { list: parts.list, number: parts.listNumber, at: now });
      if (former.number > 0) await tx.crls.putFormer(former);
      await tx.importedSerials.removeUpload(upload);
      const { total, revoked } = await tx.importedSerials.count(id);
      await tx.events.append({
        kind: 'authority.imported',
        accountId: null,
        actor: caller.actor,
        subject: id,
        data: {
          role: authority.role,
          subject: authority.subject,
          notAfter: authority.notAfter,
          serials: total,
          revoked,
          listNumber: parts.listNumber,
        },
        requestId: caller.requestId,
        at: now,
      });
      await wakeResting(context, tx, null);
      return authority;
    });
  }

  return {
    ...createImportedSerials(context),

    async examine(_caller, request) {
      keeper();
      return withRequest(request, async (parts, { upload }) => ({
        ...summaryOf(context, request, parts),
        authority: null,
        serials: upload === null ? { total: 0, revoked: 0 } : await read.importedSerials.count(upload),
      }));
    },

    async take(caller, request) {
      const issuer = keeper();
      return withRequest(request, async (parts, { upload }) => {
        const id = await putList(parts, upload);
        const authority = await commit(caller, parts, { upload: id, issuer });
        // The authority is known to this process before its list is due.
        await issuer.refresh();
        await database.write((tx) =>
          tx.jobs.enqueue({ kind: 'publishCrl', subject: authority.id, runAt: clock.now() }),
        );
        queue.wake();
        const serials = await read.importedSerials.count(authority.id);
        return { ...summaryOf(context, request, parts), authority, serials };
      });
    },
  };

  function sameKey(authorities: readonly Authority[], own: Certificate): Authority | undefined {
    const found = authorities.find(({ certificate }) => parseCertificate(certificate).spkiDer.equals(own.spkiDer));
    if (found?.keyPlace === 'here') {
      throw refuse('importKnown', { authority: found.id, subject: formatName(own.subject) });
    }
    return found;
  }
}

interface Known {
  /** It is here without its key: then the key comes back to it. */
  readonly before: Authority | undefined;
  readonly upload: AuthorityId | null;
}

interface Committed {
  readonly upload: AuthorityId;
  readonly issuer: AuthorityKeeper;
}

async function requireUpload(read: Stores, upload: string): Promise<AuthorityId> {
  if (isId('authority', upload) && (await read.importedSerials.hasUpload(upload))) return upload;
  throw refuse('uploadUnknown', { upload });
}

function roleOf(certificate: Certificate): Authority['role'] {
  return isSelfIssued(certificate) ? 'root' : 'intermediate';
}

/**
 * Those above it become authorities too, with their keys outside, where they are not here yet.
 * @returns the one that it hangs under; null for a root
 */
async function putAbove(
  context: AppContext,
  tx: Stores,
  {
    chain,
    authorities,
    issuerId,
  }: { readonly chain: ImportParts['chain']; readonly authorities: readonly Authority[]; readonly issuerId: string },
): Promise<AuthorityId | null> {
  let parentId: AuthorityId | null = null;
  for (const certificate of chain.slice(1).toReversed()) {
    const known = authorities.find((one) => parseCertificate(one.certificate).spkiDer.equals(certificate.spkiDer));
    const id: AuthorityId = known?.id ?? newId('authority', context);
    if (known === undefined) {
      await tx.authorities.insert({
        ...fromTheStart,
        id,
        issuerId,
        role: roleOf(certificate),
        keyKind: kindOf(certificate),
        parentId,
        subject: formatName(certificate.subject),
        certificate: certificate.der,
        notAfter: certificate.notAfter,
        createdAt: context.clock.now(),
        keyPlace: 'outside',
      });
    }
    parentId = id;
  }
  return parentId;
}

function kindOf({ publicKey }: Certificate): OwnKeyKind | 'P-521' | 'Ed25519' {
  if (publicKey === undefined) throw refuse('internal', {}, { cause: new Error('a chain was not examined') });
  const own = ownKindOf(publicKey);
  if (own !== undefined) return own;
  return publicKey.algorithm.type === 'ed25519' ? 'Ed25519' : 'P-521';
}

function summaryOf(
  context: AppContext,
  request: ImportRequest,
  parts: ImportParts,
): Omit<ImportedAuthority, 'authority' | 'serials'> {
  const [own, ...above] = parts.chain;
  const { list } = parts;
  return {
    role: roleOf(own),
    certificate: own.der,
    subject: formatName(own.subject),
    keyKind: parts.keyKind,
    notAfter: own.notAfter,
    above: above.map(({ subject }) => formatName(subject)),
    list: list && { number: `${list.number}`, thisUpdate: list.crl.thisUpdate, entries: list.crl.entries.length },
    nextListNumber: parts.listNumber + 1,
    warnings: warningsOf(context, request, parts),
  };
}

function warningsOf({ clock, profiles }: AppContext, request: ImportRequest, parts: ImportParts): readonly Reason[] {
  const { chain, list, listNumber, unread } = parts;
  const [own] = chain;
  const now = clock.now();
  const subject = formatName(own.subject);
  const end = new Date(Math.min(...chain.map(({ notAfter }) => notAfter.getTime())));
  const listEnd = list?.crl.nextUpdate;
  const isRoot = roleOf(own) === 'root';
  const found: readonly (Reason | undefined | false)[] = [
    listNumber === 0 && reason('importWithoutList', {}),
    listEnd !== undefined && listEnd < now && reason('importListOver', { until: listEnd.toISOString() }),
    request.upload === null && reason('importWithoutSerials', {}),
    isRoot && reason(own.pathLength === 0 ? 'importRootNarrow' : 'importRootOnly', { subject }),
    !isRoot &&
      end.getTime() < now.getTime() + longestDays * dayMs &&
      reason('importEndsSoon', { subject, until: end.toISOString(), days: longestDays }),
    ...policiesDemanded(chain, profiles),
    ...unread.map((algorithm) => reason('importUnreadBeside', { algorithm })),
  ];
  return found.filter((one) => one !== undefined && one !== false);
}

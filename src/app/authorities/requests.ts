/** Requests to a CA outside: a key is made here, and its certificate is asked for there. */
import type { Authority, AuthorityRequest, OwnKeyKind } from '../../domain/authority.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId, newId } from '../../domain/ids.ts';
import type { Authorities, CaRequest } from '../../domain/ports/authorities.ts';
import { keepsAuthorities } from '../../domain/ports/authority-keeper.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { createCaCsr } from '../../pki/csr-writer.ts';
import { DerReader } from '../../pki/der-reader.ts';
import { encodeName, formatName, readName } from '../../pki/name.ts';
import type { AppContext } from '../context.ts';
import { findAuthority, keeperOf, recordAuthority } from './keeper.ts';

/** Each has a key of its own. */
const maxWaiting = 20;

export function createRequests(context: AppContext): Pick<Authorities, 'request' | 'requests' | 'withdraw'> {
  const { database, clock } = context;
  const { read } = database;

  return {
    async request(caller, wanted) {
      const keeper = keeperOf(context);
      const renewed = wanted.renews === undefined ? undefined : await findAuthority(read, keeper.id, wanted.renews);
      if (renewed?.keyPlace === 'outside') throw refuse('authorityKeyOutside', { authority: renewed.subject });
      await requireRoom(read, renewed);
      const keepsKey = renewed !== undefined && wanted.keepsKey === true;
      const id = keepsKey ? renewed.id : newId('authority', context);
      const keyKind = keepsKey ? ownKindOf(renewed) : (wanted.keyKind ?? (renewed && ownKindOf(renewed)) ?? 'P-256');
      const subjectName = subjectOf(wanted, { keepsKey, renewed, organization: keeper.organization, keyKind });
      const spkiDer = keepsKey
        ? parseCertificate(renewed.certificate).spkiDer
        : (await keeper.makeKey(id, keyKind)).spki;
      const request: AuthorityRequest = {
        id,
        issuerId: keeper.id,
        keyKind,
        subject: formatName(readName(new DerReader(subjectName, 'the subject'))),
        csr: await createCaCsr({ subjectName, spkiDer, pathLength: wanted.pathLength ?? 0 }, await keeper.signerOf(id)),
        followsId: renewed === undefined || keepsKey ? null : renewed.id,
        createdAt: clock.now(),
      };
      await database.write(async (tx) => {
        await requireRoom(tx, renewed);
        await tx.authorities.insertRequest(request);
        const data = { subject: request.subject, keyKind, follows: request.followsId };
        await recordAuthority(tx, { kind: 'authority.requested', caller, subject: id, at: request.createdAt, data });
      });
      return request;
    },

    async requests() {
      const keepers = [...context.issuers.values()].filter((issuer) => keepsAuthorities(issuer));
      const waiting = await read.authorities.listRequests();
      return waiting.filter(({ issuerId }) => keepers.some(({ id }) => id === issuerId));
    },

    async withdraw(caller, id) {
      const keeper = keeperOf(context);
      await database.write(async (tx) => {
        const request = (await tx.authorities.listRequests()).find((one) => one.id === id);
        if (!isId('authority', id) || request === undefined)
          throw refuse('notFound', { what: 'authorityRequest', value: quoted(id) });
        await tx.authorities.removeRequest(id);
        // That of an authority goes on signing.
        if ((await tx.authorities.get(id)) === undefined) await tx.authorities.removeKey(id);
        const data = { subject: request.subject };
        const at = clock.now();
        await recordAuthority(tx, { kind: 'authority.requestWithdrawn', caller, subject: id, at, data });
      });
      if ((await read.authorities.sealedKey(id)) === undefined && isId('authority', id)) keeper.forgetKey(id);
    },
  };
}

/** @throws {CertError} wrongState */
async function requireRoom(stores: Stores, renewed: Authority | undefined): Promise<void> {
  const waiting = await stores.authorities.listRequests();
  const rival = renewed && waiting.find(({ id, followsId }) => id === renewed.id || followsId === renewed.id);
  if (rival !== undefined) throw refuse('requestWaits', { id: rival.id, subject: rival.subject });
  if (waiting.length >= maxWaiting) throw refuse('requestsTooMany', { limit: maxWaiting });
}

function ownKindOf({ keyKind, subject }: Authority): OwnKeyKind {
  if (keyKind === 'rsa' || keyKind === 'P-256' || keyKind === 'P-384') return keyKind;
  throw new Error(`the key of ${subject} is of a kind that is not made here`);
}

/** The DER of the name. With the same key it is the same name, byte for byte: certificates below repeat it as their issuer. */
function subjectOf(
  { subject = {} }: CaRequest,
  known: {
    readonly keepsKey: boolean;
    readonly renewed: Authority | undefined;
    readonly organization: string;
    readonly keyKind: OwnKeyKind;
  },
): Uint8Array {
  const { keepsKey, renewed, organization, keyKind } = known;
  const isNamed = Object.values(subject).some((value) => value !== undefined);
  if (renewed !== undefined && (keepsKey || !isNamed)) return parseCertificate(renewed.certificate).subject.der;
  const O = subject.organization ?? organization;
  const CN = subject.commonName ?? `${organization} TLS CA ${keyKind === 'rsa' ? 'R' : 'E'}1`;
  return encodeName({ O, CN, ...(subject.country === undefined ? {} : { C: subject.country }) });
}

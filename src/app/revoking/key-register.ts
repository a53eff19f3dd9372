/** Blocking keys and lifting it, lists of them, and the certificates of a key. */

import { isClaim, shortFingerprint } from '../../domain/blocked-key.ts';
import type { Caller } from '../../domain/caller.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import {
  type BlockScope,
  type KeyRegister,
  type KeyRevocations,
  type KeyText,
  listLinesAtOnce,
} from '../../domain/ports/key-register.ts';
import type { Revocations } from '../../domain/ports/revocations.ts';
import type { BlockedKeyQuery } from '../../domain/ports/stores/blocked-keys.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { publishedIn } from '../../pki/key-fingerprint.ts';
import { type ListedKey, readKeyList, readOneKey } from '../../pki/key-list.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountIdOf, isOperator, seesAllAccounts } from '../scope.ts';
import { blockKey } from './block-key.ts';
import { createReportCompromise } from './report-compromise.ts';

const longestNote = 500;
const certificatesAtOnce = 100;

export function createKeyRegister(
  context: AppContext,
  { revokeCertificate }: Pick<Revocations, 'revokeCertificate'>,
): KeyRegister {
  const { database, clock } = context;
  const { read } = database;

  async function certificatesOf(
    caller: Caller,
    { keyHash, ...page }: { readonly keyHash: string; readonly limit: number; readonly before?: number },
  ) {
    const scope = seesAllAccounts(caller)
      ? { accountId: null }
      : { accountId: accountIdOf(caller), withheld: false as const };
    return read.certificates.list({ ...scope, keyHash, ...page });
  }

  async function revoke(caller: Caller, id: string): Promise<keyof KeyRevocations> {
    try {
      const { approval } = await revokeCertificate(caller, id, 'keyCompromise');
      return approval === null ? 'revoked' : 'requested';
    } catch (thrown) {
      if (thrown instanceof CertError && thrown.code === 'wrongState') return 'left';
      throw thrown;
    }
  }

  return {
    reportCompromise: createReportCompromise(context),

    async block(caller, { key, scope, note }) {
      const request = { ...readOneKey(key), accountId: placeOf(caller, scope), note: requireNote(note) };
      return database.write(async (tx) => {
        const blocked = await blockKey(tx, caller, {
          ...request,
          source: 'decision',
          certificateId: null,
          createdAt: clock.now(),
        });
        const found = blocked ?? (await tx.blockedKeys.get(request.fingerprint, request.accountId));
        if (found === undefined) throw refuse('internal', {}, { cause: new Error('a key is blocked and is not') });
        return found;
      });
    },

    async unblock(caller, { key, scope }) {
      const { fingerprint } = readOneKey(key);
      const accountId = placeOf(caller, scope);
      const shown = shortFingerprint(fingerprint);
      const document = publishedIn([fingerprint]);
      if (document !== undefined) throw refuse('keyPublished', { key: shown, document });
      return database.write(async (tx) => {
        const blocked = await tx.blockedKeys.get(fingerprint, accountId);
        if (blocked === undefined) {
          throw refuse('keyNotBlocked', { key: shown, where: accountId === null ? 'everywhere' : 'in this account' });
        }
        if (isClaim(blocked.source) && !isOperator(caller)) {
          throw refuse('keyBlockStays', { key: shown, flaw: 'it is reported as compromised' });
        }
        if (await tx.blockedKeys.remove(fingerprint, accountId)) {
          await recordAccount(tx, caller, 'key.unblocked', {
            accountId,
            subject: fingerprint,
            data: { source: blocked.source, note: blocked.note, everywhere: accountId === null },
            at: clock.now(),
          });
        }
        return blocked;
      });
    },

    async list(caller, { limit, before, accountId, key, source, text, withTotal }) {
      const scope: BlockedKeyQuery['scope'] = seesAllAccounts(caller) ? (accountId ?? 'all') : accountIdOf(caller);
      const fingerprint = key === undefined ? undefined : readOneKey(key).fingerprint;
      const filter = { scope, ...withDefined({ fingerprint, source, text }) };
      const found = await read.blockedKeys.list({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.blockedKeys.count(filter));
      return { ...pageOf(found, limit, ({ number }) => number), ...withDefined({ total }) };
    },

    async import(caller, { text, firstLine, scope, note }) {
      const accountId = placeOf(caller, scope);
      requireNote(note);
      requireFewLines(text);
      const keys = oncePerKey(readKeyList(text, firstLine));
      return database.write(async (tx) => {
        const at = clock.now();
        let added = 0;
        for (const key of keys) {
          const row = {
            ...key,
            accountId,
            source: 'list',
            actor: caller.actor,
            note,
            certificateId: null,
          } as const;
          if ((await tx.blockedKeys.insert({ ...row, createdAt: at })) !== undefined) added += 1;
        }
        const known = keys.length - added;
        // One line for the part of a list: there may be hundreds of thousands of keys.
        if (added > 0) {
          await recordAccount(tx, caller, 'key.listImported', {
            accountId,
            subject: keys[0]?.fingerprint ?? '',
            data: { note, firstLine, added, known, everywhere: accountId === null },
            at,
          });
        }
        return { added, known };
      });
    },

    async certificates(caller, { key, limit, before }) {
      const page = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
      const found = await certificatesOf(caller, { keyHash: requireKeyHash(key), ...page });
      return pageOf(found, limit, ({ number }) => number);
    },

    async revokeCertificates(caller, key): Promise<KeyRevocations> {
      const keyHash = requireKeyHash(key);
      const result = { revoked: 0, requested: 0, left: 0 };
      let before: number | undefined;
      for (;;) {
        const cursor = before === undefined ? {} : { before };
        const page = await certificatesOf(caller, { keyHash, limit: certificatesAtOnce, ...cursor });
        for (const { id, revocationReason } of page) {
          if (revocationReason === 'keyCompromise') continue;
          result[await revoke(caller, id)] += 1;
        }
        before = page.at(-1)?.number;
        if (before === undefined) return result;
      }
    },
  };
}

/** @returns null: everywhere. @throws {CertError} forbidden for anybody but an operator outside of their own account */
function placeOf(caller: Caller, scope: BlockScope): AccountId | null {
  if (isOperator(caller)) return scope;
  const own = accountIdOf(caller);
  if (scope !== null && scope !== own) throw refuse('roleMissing', { role: 'operator' });
  return own;
}

/** A key that is listed by its hash and itself counts once, with its modulus. */
function oncePerKey(keys: readonly ListedKey[]): readonly ListedKey[] {
  const found = new Map<string, ListedKey>();
  for (const key of keys) {
    if (key.modulusHash !== null || !found.has(key.fingerprint)) found.set(key.fingerprint, key);
  }
  return [...found.values()];
}

function requireNote(note: string): string {
  if (note.length <= longestNote) return note;
  throw refuse('fieldInvalid', {
    field: 'note',
    value: quoted(note),
    expected: expectedOf.charactersAtMost(longestNote),
  });
}

function requireFewLines(text: string): void {
  const count = text.split('\n').length;
  if (count <= listLinesAtOnce + 1) return;
  throw refuse('fieldInvalid', { field: 'text', value: `${count}`, expected: expectedOf.linesAtOnce(listLinesAtOnce) });
}

/** Certificates are found by the whole key only. @throws {CertError} invalidField */
function requireKeyHash(key: KeyText): string {
  const { fingerprint } = readOneKey(key);
  if (fingerprint.length === 64) return fingerprint;
  const expected = {
    en: 'the SHA-256 of a SubjectPublicKeyInfo, or a key as PEM',
    zh: 'SubjectPublicKeyInfo 的 SHA-256，或 PEM 格式的密钥',
  };
  throw refuse('fieldInvalid', { field: 'key', value: quoted(key), expected });
}

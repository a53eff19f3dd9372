/** What a DV order waits for: one random value that proves all its names, or mails (contract 6.1). */
import { type Challenge, methodOfChoice } from '../../../domain/challenge.ts';
import { baseName, type Identifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import type { WantedProof } from '../../../domain/ports/issuer.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';
import type { Purchase } from '../../../domain/ports/upstream.ts';
import { firstText, type Loose, looseList, looseObject, looseText } from '../../kit/loose.ts';
import type { DcvMethod } from '../proofs.ts';

/** The contract has no better evidence for it than the vendor's general practice. */
const filePath = '/.well-known/pki-validation/fileauth.txt';
const cnameTarget = 'dcv.digicert.com';

export interface OrderToken {
  readonly method: DcvMethod;
  /** Undefined for mails. */
  readonly value: string | undefined;
  /** Where the vendor shows it. */
  readonly target?: string | undefined;
}

export function wantedProofs(
  { names, choices }: Purchase,
  token: OrderToken,
  {
    isApproved,
    publicSuffixes,
  }: { readonly isApproved: (name: Identifier) => boolean; readonly publicSuffixes: PublicSuffixes },
): readonly WantedProof[] {
  return names.flatMap((name): readonly WantedProof[] => {
    const choice = choices.find((one) => one.name.value === name.value)?.choice;
    const address =
      choice !== undefined && typeof choice !== 'string' && methodOfChoice(choice) === 'email'
        ? choice.address
        : constructedAddresses(name, publicSuffixes)[0];
    const challenge = challengeOf(name, token, address);
    if (challenge === undefined) return [];
    return [{ name: name.value, challenges: [challenge], ...(isApproved(name) ? { isProved: true as const } : {}) }];
  });
}

function challengeOf(
  name: Identifier,
  { method, value, target }: OrderToken,
  address: string | undefined,
): Challenge | undefined {
  if (method === 'email') {
    if (address === undefined) return undefined;
    return { method: 'email', binding: 'server', addresses: [address], chosen: address };
  }
  if (value === undefined) return undefined;
  const base = baseName(name);
  switch (method) {
    case 'dns-txt-token':
      return { method: 'dnsTxt', binding: 'server', host: base, value };
    case 'dns-cname-token':
      return { method: 'dnsCname', binding: 'server', host: `${value}.${base}`, target: target ?? cnameTarget };
    case 'http-token':
    case 'http-token-dynamic':
      return { method: 'httpFile', binding: 'server', path: filePath, content: value };
    default:
      return method satisfies never;
  }
}

/**
 * Names that `GET …/validation` shows as approved. They stand as sent, or as the base domain that was approved for them.
 * @param reply empty where there is none
 */
export function approvedNames(reply: Loose): (name: Identifier) => boolean {
  const approved = looseList(reply.dns_name_validations)
    .map(looseObject)
    .filter((entry) => isApprovedWord(firstText(entry, 'status')))
    .flatMap((entry) => looseList(entry.dns_names).flatMap((name) => looseText(name)?.toLowerCase() ?? []));
  return (name) => approved.includes(name.value);
}

/** What an order waits for, in the vendor's words, where it says so. */
export function pendingWords(reply: Loose): readonly string[] {
  const names = looseList(reply.dns_name_validations).map(looseObject);
  const organization = looseList(reply.organization_validations).map(looseObject);
  return [
    ...organization.flatMap((entry) => wordsFor(firstText(reply, 'organization_name') ?? 'organization', entry)),
    ...names.flatMap((entry) => {
      const texts = looseList(entry.dns_names).flatMap((name) => looseText(name) ?? []);
      return wordsFor(texts.join(', ') || 'names', entry);
    }),
  ];
}

function wordsFor(what: string, entry: Loose): readonly string[] {
  const status = firstText(entry, 'status');
  return status === undefined || isApprovedWord(status) ? [] : [`${what}: ${status}`];
}

function isApprovedWord(word: string | undefined): boolean {
  return ['approved', 'active', 'valid', 'complete'].includes(word?.toLowerCase() ?? '');
}

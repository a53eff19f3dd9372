/**
 * CAA records at the check of a challenge (BR §3.2.2.8): a client learns while it proves its names that they may not be certified, and
 * not only when it has finalized its order. The records are asked for again before anything is signed (`issuing/caa-gate.ts`).
 */
import type { Authorization } from '../../domain/authorization.ts';
import { caaNamesToLookUp, caaVerdict } from '../../domain/caa-check.ts';
import type { CheckedChallenge } from '../../domain/challenge.ts';
import type { Reason } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { isLocal } from '../../domain/ports/issuer.ts';
import type { AppContext } from '../context.ts';
import { caaKnowledgeOf } from '../issuing/caa-gate.ts';
import type { LookUpCaaOf } from '../issuing/caa-look-ups.ts';

/** Of an authorization that was made for itself. @returns the reason why its name may not be certified, or why nobody can tell */
export async function caaObjectionAtCheck(
  context: AppContext,
  lookUp: LookUpCaaOf,
  proved: { readonly authorization: Authorization; readonly challenge: CheckedChallenge },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const { profiles, issuers, database } = context;
  const { standalone, identifier } = proved.authorization;
  const issuer = standalone?.issuerId == null ? undefined : issuers.get(standalone.issuerId);
  const checksCaa = standalone !== null && profiles.get(standalone.profileId)?.checksCaa === true;
  // An upstream asks for them itself.
  if (!checksCaa || issuer === undefined || !isLocal(issuer)) return undefined;
  const { challenge } = proved;
  const subjects = [{ identifier, authorization: { provedBy: challenge.method, challenges: [challenge] } }];
  const credentialId = isId('credential', standalone.ownerId) ? standalone.ownerId : null;
  const terms = { issuer, requester: { credentialId, key: null } };
  const known = () => caaKnowledgeOf(context, database.read, subjects, terms);
  await lookUp(caaNamesToLookUp(subjects, await known()), signal);
  const verdict = caaVerdict(subjects, await known());
  return verdict.kind === 'forbidden' || verdict.kind === 'unknown' ? verdict.reason : undefined;
}

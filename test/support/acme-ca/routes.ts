/** Which request is which operation. */
import { account, keyChange, newAccount, orderList } from './accounts.ts';
import { authorization, challenge } from './authorizations.ts';
import { certificate, revoke } from './certificates.ts';
import { type Ca, type Handler, type Resource, resources } from './context.ts';
import { directory, newNonce } from './directory.ts';
import { finalize } from './issuing.ts';
import type { Operation } from './manners.ts';
import { newOrder, order } from './orders.ts';
import { renewalInfo } from './renewal.ts';

export const handlers = {
  directory,
  newNonce,
  newAccount,
  account,
  orderList,
  keyChange,
  newOrder,
  order,
  finalize,
  authorization,
  deactivateAuthorization: authorization,
  challenge,
  respond: challenge,
  certificate,
  revoke,
  renewalInfo,
} as const satisfies Readonly<Record<Operation, Handler>>;

export interface Route {
  readonly operation: Operation;
  readonly params: readonly string[];
  readonly isSigned: boolean;
}

const objects: readonly (readonly [pattern: RegExp, reads: Operation, acts?: Operation])[] = [
  [/^\/account\/(\d+)$/, 'account'],
  [/^\/account\/(\d+)\/orders$/, 'orderList'],
  [/^\/order\/(\d+)$/, 'order'],
  [/^\/order\/(\d+)\/finalize$/, 'finalize'],
  [/^\/authorization\/(\d+(?:\/always-valid)?)$/, 'authorization', 'deactivateAuthorization'],
  [/^\/challenge\/(\d+(?:\/always-valid)?)\/([a-z0-9-]+)$/, 'challenge', 'respond'],
  [/^\/certificate\/(\d+)$/, 'certificate'],
  [/^\/certificate\/(\d+)\/(\d+)$/, 'certificate'],
];

const unsigned: Partial<Readonly<Record<Operation, readonly string[]>>> = {
  directory: ['GET'],
  newNonce: ['GET', 'HEAD'],
  renewalInfo: ['GET'],
};

const ofResource: Readonly<Record<Resource, Operation>> = {
  directory: 'directory',
  newNonce: 'newNonce',
  newAccount: 'newAccount',
  newOrder: 'newOrder',
  revokeCert: 'revoke',
  keyChange: 'keyChange',
  renewalInfo: 'renewalInfo',
};

/** @param isReading a POST-as-GET. Undefined: there is no such path, or not with this method. */
export function routeOf(
  ca: Ca,
  { path, method, isReading }: { readonly path: string; readonly method: string; readonly isReading: boolean },
): Route | undefined {
  const [operation, params] = found(ca, path, isReading) ?? [];
  if (operation === undefined || params === undefined) return undefined;
  const methods = unsigned[operation];
  if (!(methods ?? ['POST']).includes(method)) return undefined;
  return { operation, params, isSigned: methods === undefined };
}

function found(ca: Ca, path: string, isReading: boolean): readonly [Operation, readonly string[]] | undefined {
  for (const resource of resources) {
    const at = ca.pathOf(resource);
    if (path === at && resource !== 'renewalInfo') return [ofResource[resource], []];
    if (resource === 'renewalInfo' && path.startsWith(`${at}/`)) return ['renewalInfo', [path.slice(at.length + 1)]];
  }
  for (const [pattern, reads, acts = reads] of objects) {
    const match = pattern.exec(path);
    if (match !== null) return [isReading ? reads : acts, match.slice(1)];
  }
  return undefined;
}

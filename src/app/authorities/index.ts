/** The use cases of authorities that hang under a CA outside, or whose keys are there. */
import type { Authorities } from '../../domain/ports/authorities.ts';
import type { AppContext } from '../context.ts';
import { createInstall } from './install.ts';
import { createLists } from './lists.ts';
import { createRequests } from './requests.ts';
import { createRootKey } from './root-key.ts';

export function createAuthorities(context: AppContext): Authorities {
  return {
    ...createRequests(context),
    ...createInstall(context),
    ...createLists(context),
    ...createRootKey(context),
  };
}

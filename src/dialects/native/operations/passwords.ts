/** Operations of passwords. */

import { passwordsApi } from '../schema/passwords.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { userToWire } from './credentials.ts';

export const passwordOperations = [
  handled(passwordsApi.set, async ({ user, password }, { caller, services }) =>
    userToWire(await services.users.setPassword(caller, user, password)),
  ),

  handled(passwordsApi.reset, async ({ user: reference, showLink }, { caller, services }) => {
    const way = showLink ? 'link' : 'mail';
    const { user, address, url, expiresAt } = await services.users.resetPassword(caller, reference, way);
    const link = url === null ? {} : { link: url };
    return { user: userToWire(user), address, ...link, expiresAt: timeToWire(expiresAt) };
  }),

  handled(passwordsApi.change, async (change, { caller, services }) => {
    await services.users.changePassword(caller, change);
    return { changed: true } as const;
  }),
];

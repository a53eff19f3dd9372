/** Operations of passwords. */

import { passwordsApi } from '../schema/passwords.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { oneToWire } from './actors.ts';
import { userNaming } from './credentials.ts';

export const passwordOperations = [
  handled(passwordsApi.set, async ({ user, password }, session) =>
    oneToWire(session, await session.services.users.setPassword(session.caller, user, password), userNaming),
  ),

  handled(passwordsApi.reset, async ({ user: reference, showLink }, session) => {
    const { caller, services } = session;
    const way = showLink ? 'link' : 'mail';
    const { user, address, url, expiresAt } = await services.users.resetPassword(caller, reference, way);
    const link = url === null ? {} : { link: url };
    return { user: await oneToWire(session, user, userNaming), address, ...link, expiresAt: timeToWire(expiresAt) };
  }),

  handled(passwordsApi.change, async (change, { caller, services }) => {
    await services.users.changePassword(caller, change);
    return { changed: true } as const;
  }),
];

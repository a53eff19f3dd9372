/** What the caller may do with an object now, by the rules of the calls themselves. */
import { z } from 'zod';

const action = z
  .object({
    allowed: z.boolean(),
    reason: z.string().nullable().meta({ description: 'Why the call would be refused now; null where it is allowed.' }),
  })
  .meta({ id: 'Action' });

export type WireAction = z.output<typeof action>;

export function actionsOf<Action extends string>(names: readonly Action[]) {
  const shape = Object.fromEntries(names.map((name) => [name, action])) as Record<Action, typeof action>;
  return z.object(shape).meta({ description: 'What the caller may do now: by the same rules as the calls.' });
}

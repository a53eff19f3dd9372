/** Who did something, for people: ids alone say nothing to them. */
import { z } from 'zod';

export const actor = z
  .object({
    id: z.string().meta({ description: 'A user, a credential, or `system`.' }),
    kind: z.enum(['person', 'service', 'key', 'operator', 'system', 'reader', 'unknown']).meta({
      description:
        '`key`: one that nobody holds. `operator`: somebody who runs the server, as accounts see them. `reader`: whoever opened a mail.',
    }),
    name: z.string().meta({
      description: 'The person, also one who was removed since; of a key that nobody holds its label.',
    }),
    credential: z.string().nullable().meta({ description: 'The label of the key it was done with; null: with none.' }),
  })
  .meta({ id: 'Actor', description: 'Who did something.' });

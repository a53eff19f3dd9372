/** People on this wire: users, requesters, contacts. */
import { z } from 'zod';

/** Who did something. */
export const wireActor = z.object({
  id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
});

export type WireActor = z.output<typeof wireActor>;

/** A contact: `id` where they are a user or a contact that we have a number of. */
export const wirePerson = z.object({
  id: z.int().optional(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  job_title: z.string().optional(),
  telephone: z.string().optional(),
});

export type WirePerson = z.output<typeof wirePerson>;

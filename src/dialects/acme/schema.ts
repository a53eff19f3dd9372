/** Problem documents and identifiers, as they stand in many replies. */
import { z } from 'zod';

export const identifier = z.object({ type: z.string(), value: z.string() });

const subproblem = z.object({ type: z.string(), detail: z.string(), identifier: identifier.optional() });

export const problem = z.object({
  type: z.string(),
  detail: z.string(),
  status: z.int(),
  subproblems: z.array(subproblem).readonly().optional(),
  algorithms: z.array(z.string()).readonly().optional(),
  instance: z.string().optional(),
});

export type Problem = z.output<typeof problem>;

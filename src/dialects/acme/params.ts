/** Parameters of the paths. */
import { z } from 'zod';

export const directoryParams = z.object({ directory: z.string() });

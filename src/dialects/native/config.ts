/** The dialect's section of the configuration: nothing in it can be set. */
import { z } from 'zod';

export const configSchema = z.strictObject({}).default({});

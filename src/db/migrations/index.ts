/** The migrations, in order. */
import type { Migration } from '../migrate.ts';
import { migration0001 } from './0001-schema.ts';

export const migrations: readonly Migration[] = [migration0001];

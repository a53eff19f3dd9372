/** Where the console of this program is: built, in a package; as sources, in a checkout; or nowhere. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { indexFileName } from './index-file.ts';

export type ConsolePlace =
  | { readonly kind: 'built'; readonly folder: string }
  /** `root` is the folder of the project. */
  | { readonly kind: 'source'; readonly root: string; readonly program: string };

/** From the root of the project. */
const buildProgram = ['console', 'build', 'build.ts'] as const;

/** @param script the file that Node was started with */
export function findConsole(script: string): ConsolePlace | undefined {
  const folder = join(dirname(script), 'console');
  if (existsSync(join(folder, indexFileName))) return { kind: 'built', folder };
  const root = join(dirname(script), '..', '..');
  const program = join(root, ...buildProgram);
  return existsSync(program) ? { kind: 'source', root, program } : undefined;
}

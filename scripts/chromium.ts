/** The browser of what needs one: the one that CHROMIUM names, the one of this machine, or Debian's, which is installed with a line that says so. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './test-tools.ts';

/** As Debian and others call it. */
const programs = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** @throws {Error} where there is none and none can be installed */
export function chromiumPath(): string {
  return process.env.CHROMIUM ?? findChromium() ?? installChromium();
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function installChromium(): string {
  installPackages(['chromium']);
  const found = findChromium();
  if (found === undefined) throw new Error('the tests need chromium, which its package did not bring');
  return found;
}

/** The packages of others that certmux runs with, each with its licence. A test compares them with the packages themselves. */
import manifest from '../../package.json' with { type: 'json' };
import type { Library } from '../domain/ports/server-facts.ts';

const licences: Readonly<Record<keyof typeof manifest.dependencies, string>> = {
  '@hono/node-server': 'MIT',
  '@mantine/core': 'MIT',
  '@mantine/hooks': 'MIT',
  '@tanstack/react-query': 'MIT',
  '@tanstack/react-router': 'MIT',
  '@tanstack/react-virtual': 'MIT',
  commander: 'MIT',
  'dns-packet': 'MIT',
  fflate: 'MIT',
  'get-nonce': 'MIT',
  hono: 'MIT',
  kysely: 'MIT',
  nodemailer: 'MIT-0',
  pg: 'MIT',
  pino: 'MIT',
  'prom-client': 'Apache-2.0',
  react: 'MIT',
  'react-dom': 'MIT',
  tldts: 'MIT',
  vite: 'MIT',
  yaml: 'ISC',
  zod: 'MIT',
};

export const libraries: readonly Library[] = Object.entries(manifest.dependencies).map(([name, version]) => ({
  name,
  version,
  // The table has a row for each of them.
  licence: licences[name as keyof typeof licences],
}));

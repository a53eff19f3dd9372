/** `npm run docs`: writes the pages of docs/ that are made from the source. */
import { join } from 'node:path';
import { configurationDocument } from '../src/config/document.ts';
import { writeFileAtomically } from '../src/system/index.ts';

const pages = { 'configuration.md': configurationDocument() };

for (const [name, text] of Object.entries(pages)) {
  await writeFileAtomically(join(import.meta.dirname, '..', 'docs', name), text, { mode: 0o644 });
}

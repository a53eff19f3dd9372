/** `npm run docs`: writes what is made from the source: pages of docs/, and the examples of the documentation that is served. */
import { join } from 'node:path';
import { configurationDocument } from '../src/config/document.ts';
import { dialects } from '../src/dialects/registry.ts';
import { writeFileAtomically } from '../src/system/index.ts';
import { examplesOf } from '../test/support/examples.ts';
import { lintDocument } from '../test/support/lint-document.ts';
import { messagesDocument } from '../test/support/messages-document.ts';
import { metricsDocument } from '../test/support/metrics-document.ts';
import { pairsDocument } from '../test/support/pairs-document.ts';
import { upstreamsDocument } from '../test/support/upstreams-document.ts';

const files: Record<string, string> = {
  'docs/configuration.md': configurationDocument('en'),
  'docs/configuration.zh-CN.md': configurationDocument('zh'),
  'docs/lint.md': lintDocument('en'),
  'docs/lint.zh-CN.md': lintDocument('zh'),
  'docs/messages.md': messagesDocument(),
  'docs/metrics.md': metricsDocument(),
  'docs/pairs.md': pairsDocument(),
  'docs/upstreams.md': await upstreamsDocument('en'),
  'docs/upstreams.zh-CN.md': await upstreamsDocument('zh'),
};
for (const dialect of dialects) {
  files[`src/dialects/${dialect.name}/examples.json`] = `${JSON.stringify(examplesOf(dialect), null, 2)}\n`;
}

for (const [name, text] of Object.entries(files)) {
  await writeFileAtomically(join(import.meta.dirname, '..', name), text, { mode: 0o644 });
}

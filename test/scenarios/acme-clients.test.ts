/**
 * Two ACME clients of Debian against the real server, with the programs of `npm run test:clients`: lego, in Go, and dehydrated, a script that
 * reads replies with grep and sed; each over http-01, dns-01 and tls-alpn-01.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { toolPath } from '../../scripts/test-tools.ts';
import { startStage } from '../clients/stage.ts';

const programs = join(import.meta.dirname, '..', 'clients', 'programs');

// Most of their time they wait.
describe('clients of Debian', { concurrency: true }, () => {
  for (const client of ['lego', 'dehydrated'] as const) {
    it(`${client} registers, orders, renews and revokes`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'certmux-client-'));
      const stage = await startStage();
      try {
        const env = { ...process.env, ...stage.environment, CLIENT: toolPath(client) };
        const { stdout } = await promisify(execFile)(process.execPath, [join(programs, `${client}.mjs`)], {
          cwd: folder,
          env,
        });
        assert.match(stdout, /- renewed\n- revoked\n$/);
        assert.deepEqual(stage.complaintsOf('acme'), []);
      } finally {
        await stage.close();
        await rm(folder, { recursive: true });
      }
    });
  }
});

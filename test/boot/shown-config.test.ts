/** What operators read of the configuration: every setting, no secret; and the licences, which are those of the packages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { libraries } from '../../src/boot/libraries.ts';
import { shownConfig } from '../../src/boot/shown-config.ts';
import { configSchema } from '../../src/config/schema.ts';

const secret = 'S3cretThatNobodyReads';

describe('the configuration as it is shown', () => {
  it('has every setting, with its default', () => {
    const config = configSchema.parse({});
    const shown = shownConfig(config);
    assert.deepEqual(shown.listen, ['http://127.0.0.1:8080']);
    assert.deepEqual(
      Object.keys(shown).toSorted(),
      Object.entries(config)
        .flatMap(([name, value]) => (value === undefined ? [] : [name]))
        .toSorted(),
    );
  });

  it('has no secret, wherever it stands', () => {
    const config = configSchema.parse({
      database: `postgres://certmux:${secret}@db.example.com/certmux?sslmode=verify-full&password=${secret}`,
      mail: { host: 'smtp.example.com', from: 'certs@example.com', user: 'certmux', password: secret },
      alarms: { webhook: { url: 'https://alerts.example.com/', tokenFile: '/etc/certmux/token' } },
      issuers: {
        'le-main': {
          kind: 'acme',
          ca: 'custom',
          directory: 'https://acme.example.com/directory',
          externalKey: { keyId: 'k', hmacKey: secret },
          proxy: `http://user:${secret}@gateway.example.com:8888`,
        },
        'racent-main': { kind: 'racent', credentials: { api_token: secret, api_tokenFile: '/etc/certmux/racent' } },
      },
      dialects: { encryption365: { registration: { authcode: secret } } },
    });
    const shown = shownConfig(config);
    const text = JSON.stringify(shown);
    assert.ok(JSON.stringify(config).split(secret).length > 6, 'the secrets are in the configuration');
    assert.ok(!text.includes(secret), text);
    assert.match(text, /\/etc\/certmux\/token/);
    assert.match(text, /\/etc\/certmux\/racent/);
    assert.equal(shown.database, 'postgres://certmux:…@db.example.com/certmux?sslmode=verify-full&password=…');
  });
});

describe('the packages of others', () => {
  for (const { name, version, licence } of libraries)
    it(`${name} is ${licence}`, () => {
      const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      const manifest: { readonly version: string; readonly license: string } = JSON.parse(readFileSync(path, 'utf8'));
      assert.deepEqual([manifest.version, manifest.license], [version, licence]);
    });
});

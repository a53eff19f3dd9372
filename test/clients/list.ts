/** The public clients that are run, each in one version. `docs/clients.md` tells people of them. */
import { type Bring, fromDebian, fromGo, fromGoLibrary, fromNpm, fromPypi } from './packages.ts';

export interface Client {
  readonly name: string;
  readonly version: string;
  readonly registry: 'npm' | 'PyPI' | 'Go' | 'Debian';
  /** APIs that it is run against, one after the other. */
  readonly dialects: readonly string[];
  readonly bring: Bring;
  /** Takes minutes to build: only when it is named. */
  readonly isSlow?: true;
}

const everyDialect = ['native', 'digicert', 'encryption365', 'racent', 'wosign', 'httpsok'] as const;

export const clients: readonly Client[] = [
  {
    name: 'certmesh',
    version: '3.0.38',
    registry: 'PyPI',
    dialects: ['digicert'],
    bring: fromPypi('certmesh==3.0.38', 'certmesh-digicert.py'),
  },
  {
    name: 'lemur',
    version: '1.9.3',
    registry: 'PyPI',
    dialects: ['digicert'],
    bring: fromPypi('lemur==1.9.3', 'lemur-digicert.py', {
      headers: { '/usr/include/lber.h': 'libldap-dev', '/usr/include/sasl/sasl.h': 'libsasl2-dev' },
    }),
  },
  {
    name: 'swagger-client',
    version: '3.38.4',
    registry: 'npm',
    dialects: everyDialect,
    bring: fromNpm(['swagger-client@3.38.4'], 'swagger-client.mjs'),
  },
  {
    name: 'openapi-client-axios',
    version: '7.9.1',
    registry: 'npm',
    dialects: everyDialect,
    bring: fromNpm(['openapi-client-axios@7.9.1', 'axios@1.21.1'], 'openapi-client-axios.mjs'),
  },
  {
    name: 'openapi-python-client',
    version: '0.29.1',
    registry: 'PyPI',
    dialects: ['racent'],
    bring: fromPypi('openapi-python-client==0.29.1', 'openapi-python-client.py', { madeOf: 'racent' }),
  },
  {
    name: 'oapi-codegen',
    version: '2.8.2',
    registry: 'Go',
    dialects: ['native'],
    bring: fromGo(
      {
        generator: 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2',
        runtime: 'github.com/oapi-codegen/runtime@v1.9.0',
        madeOf: 'native',
      },
      'oapi-codegen.go',
    ),
  },
  {
    name: 'certbot',
    version: '5.8.0',
    registry: 'PyPI',
    dialects: ['acme'],
    bring: fromPypi('certbot==5.8.0', 'certbot.mjs', { command: 'certbot' }),
  },
  {
    name: 'lego',
    version: '4.9.1',
    registry: 'Debian',
    dialects: ['acme'],
    bring: fromDebian(['lego=4.9.1*'], 'usr/bin/lego', 'lego.mjs'),
  },
  {
    name: 'dehydrated',
    version: '0.7.0',
    registry: 'Debian',
    dialects: ['acme'],
    bring: fromDebian(['dehydrated=0.7.0*'], 'usr/bin/dehydrated', 'dehydrated.mjs'),
  },
  {
    name: 'uacme',
    version: '1.7.4',
    registry: 'Debian',
    dialects: ['acme'],
    bring: fromDebian(['uacme=1.7.4*', 'libev4', 'libcurl3-gnutls'], 'usr/bin/uacme', 'uacme.mjs'),
  },
  {
    name: 'acme-client',
    version: '5.4.0',
    registry: 'npm',
    dialects: ['acme'],
    bring: fromNpm(['acme-client@5.4.0'], 'acme-client.mjs'),
  },
  {
    name: 'caddy',
    version: '2.6.2',
    registry: 'Debian',
    dialects: ['acme'],
    bring: fromDebian(['caddy=2.6.2*'], 'usr/bin/caddy', 'caddy.mjs'),
  },
  {
    name: 'mod_md',
    version: '2.4.71',
    registry: 'Debian',
    dialects: ['acme'],
    // Security updates change Apache's version within a release.
    bring: fromDebian(
      ['apache2-bin=2.4.*', 'libapr1', 'libaprutil1', 'libaprutil1-ldap', 'libjansson4', 'liblua5.3-0'],
      'usr/sbin/apache2',
      'mod-md.mjs',
    ),
  },
  {
    name: 'lego-v5',
    version: '5.6.0',
    registry: 'Go',
    dialects: ['acme'],
    bring: fromGoLibrary(
      [
        'github.com/go-acme/lego/v5/lego@v5.6.0',
        'github.com/go-acme/lego/v5/challenge/dns01@v5.6.0',
        'github.com/go-acme/lego/v5/challenge/http01@v5.6.0',
        'github.com/go-acme/lego/v5/challenge/tlsalpn01@v5.6.0',
      ],
      ['client.go', 'lego-v5.go'],
      'go-client.mjs',
      { KNOWS_ARI: 'yes' },
    ),
  },
  {
    name: 'acmez',
    version: '3.1.7',
    registry: 'Go',
    dialects: ['acme'],
    bring: fromGoLibrary(['github.com/mholt/acmez/v3@v3.1.7'], ['client.go', 'acmez.go'], 'go-client.mjs', {
      KNOWS_ARI: 'yes',
    }),
  },
  {
    name: 'x-crypto',
    version: '0.59.0',
    registry: 'Go',
    dialects: ['acme'],
    bring: fromGoLibrary(['golang.org/x/crypto/acme@v0.59.0'], ['client.go', 'x-crypto.go'], 'go-client.mjs'),
  },
  {
    name: 'caddy-2.11',
    version: '2.11.9',
    registry: 'Go',
    dialects: ['acme'],
    bring: fromGoLibrary(
      [
        'github.com/caddyserver/caddy/v2/cmd@v2.11.9',
        'github.com/caddyserver/caddy/v2/modules/caddyhttp@v2.11.9',
        'github.com/caddyserver/caddy/v2/modules/caddytls@v2.11.9',
        'github.com/caddyserver/caddy/v2/modules/filestorage@v2.11.9',
      ],
      ['caddy.go'],
      'caddy.mjs',
    ),
    isSlow: true,
  },
];

/** The public clients that are run, each in one version. `docs/clients.md` tells people of them. */
import { type Bring, fromDebian, fromGo, fromNpm, fromPypi } from './packages.ts';

export interface Client {
  readonly name: string;
  readonly version: string;
  readonly registry: 'npm' | 'PyPI' | 'Go' | 'Debian';
  /** APIs that it is run against, one after the other. */
  readonly dialects: readonly string[];
  readonly bring: Bring;
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
];

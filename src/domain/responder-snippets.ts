/**
 * Pieces of configuration by which a web server passes the files of http-01 on to certmux (RFC 8555 §8.3). They answer only on port 80,
 * which is where a CA asks; redirects of everything else to https stay as they are.
 */

export interface Snippet {
  readonly title: 'nginx' | 'Apache' | 'Caddy';
  readonly lines: readonly string[];
}

const path = '/.well-known/acme-challenge/';

/**
 * @param name the host that answers
 * @param responder base URL of certmux, without a trailing slash
 */
export function responderSnippets(name: string, responder: string): readonly Snippet[] {
  const isHttps = responder.startsWith('https:');
  const host = name.includes(':') ? `[${name}]` : name;
  return [
    {
      title: 'nginx',
      lines: [
        `# in the server block of ${host} that listens on port 80`,
        `location ^~ ${path} {`,
        `    proxy_pass ${responder};`,
        ...(isHttps ? ['    proxy_ssl_server_name on;'] : []),
        '}',
      ],
    },
    {
      title: 'Apache',
      lines: [
        `# in <VirtualHost *:80> of ${host}; needs mod_proxy and mod_proxy_http${isHttps ? ', mod_ssl' : ''}`,
        ...(isHttps ? ['SSLProxyEngine on'] : []),
        // Rewrite rules of the host come before ProxyPass wherever they stand, and most hosts have one that redirects to https.
        '<IfModule mod_rewrite.c>',
        '    # above all other rewrite rules',
        '    RewriteEngine on',
        `    RewriteRule "^${path.replaceAll('.', '\\.')}" - [END]`,
        '</IfModule>',
        `ProxyPass "${path}" "${responder}${path}"`,
      ],
    },
    {
      title: 'Caddy',
      lines: [
        `http://${host} {`,
        `    handle ${path}* {`,
        ...(isHttps
          ? [`        reverse_proxy ${responder} {`, '            header_up Host {upstream_hostport}', '        }']
          : [`        reverse_proxy ${responder}`]),
        '    }',
        '    handle {',
        '        redir https://{host}{uri}',
        '    }',
        '}',
      ],
    },
  ];
}

/** The configuration: every setting with its default and its meaning. `docs/configuration.md` is made from this. */
import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import { defaultProfiles, type Profile } from '../domain/profile.ts';

const listenUrl = z
  .string()
  .regex(/^https?:\/\/[^/]+:\d+$/, 'a scheme, an address and a port, like http://127.0.0.1:8080 or https://[::]:8443');

const tls = z
  .union([
    z.strictObject({
      certificateFile: z
        .string()
        .describe('PEM: the certificate and its chain. Read again when the process gets SIGHUP.'),
      keyFile: z.string().describe('PEM: the private key.'),
    }),
    z.strictObject({
      selfServed: z
        .array(z.string())
        .min(1)
        .describe(
          'Host names and addresses: certmux issues itself a certificate for them from its own CA and renews it.',
        ),
    }),
  ])
  .describe('The certificate for https listeners.');

const range = z.string().describe('An IP address or a range such as 10.0.0.0/8.');

const profileOverride = z
  .strictObject({
    maxValidityDays: z.int().min(1).max(825).optional(),
    reuseDays: z.int().min(0).max(825).optional(),
    validationDays: z.int().min(1).max(90).optional(),
    wildcardByFile: z.boolean().optional(),
    allowsReservedIp: z.boolean().optional(),
    requiresKnownSuffix: z.boolean().optional(),
    policyOids: z.array(z.string().regex(/^[0-2](\.\d+)+$/)).optional(),
  })
  .describe('What differs from the built-in profile of this name.');

/** The part of every dialect's section that is the same for all. */
const dialectBase = z.object({
  enabled: z.boolean().default(true).describe('Whether this front door is open.'),
  hosts: z
    .array(z.string())
    .default([])
    .describe(
      'Host names on which every path belongs to this front door, for clients that let only the host be changed.',
    ),
});

function dialectSection(name: string): z.ZodType {
  return z
    .looseObject({})
    .default({})
    .describe(
      `Settings of the front door ${name}: enabled, hosts and its own (see docs/${name === 'native' ? 'native-api' : name}.md).`,
    );
}

export const configSchema = z.strictObject({
  listen: z
    .array(listenUrl)
    .min(1)
    .default(['http://127.0.0.1:8080'])
    .describe('Where to accept connections. https needs `tls`.'),
  publicUrl: z
    .url()
    .optional()
    .describe(
      'How clients and those who check certificates reach this server: it is written into certificates (CRL and CA addresses). Default: the first listener. Set it before the first start.',
    ),
  dataDirectory: z
    .string()
    .default('./data')
    .describe('Database, sealed CA keys and the master key. Made at the first start with access for the owner only.'),
  masterKeyFile: z
    .string()
    .optional()
    .describe(
      '32 bytes as base64 that seal every private key. Default: master.key in the data directory, made at the first start; the environment variable CERTMUX_MASTER_KEY is used instead where it is set. Without it the CA keys are lost: keep a copy elsewhere.',
    ),
  tls: tls.optional(),
  trustedProxies: z
    .array(range)
    .default([])
    .describe('Reverse proxies whose X-Forwarded-For header is believed. Nobody else is.'),
  metricsFrom: z.array(range).default(['127.0.0.0/8', '::1']).describe('Who may read /metrics.'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      file: z.string().optional().describe('Append to this file instead of standard output.'),
    })
    .prefault({}),
  dns: z
    .strictObject({
      resolvers: z
        .array(z.string())
        .default([])
        .describe(
          "Recursive resolvers that validation asks, as address or address:port, in this order. Default: the system's.",
        ),
      timeoutMs: z.int().min(100).max(30_000).default(3000).describe('How long one resolver may take to answer once.'),
    })
    .prefault({}),
  validation: z
    .strictObject({
      httpPort: z
        .int()
        .min(1)
        .max(65535)
        .default(80)
        .describe('What port 80 of a validated name is connected to. Change it only for tests.'),
      httpsPort: z.int().min(1).max(65535).default(443).describe('The same for port 443.'),
      timeoutMs: z.int().min(100).max(60_000).default(10_000).describe('Limit for one fetch, redirects included.'),
      dangerAllowAddresses: z
        .array(range)
        .default([])
        .describe(
          'Special-purpose addresses (private, loopback, link-local …) that validation may connect to. Whoever may order certificates can make the server fetch from there: list only what certificates are really wanted for.',
        ),
    })
    .prefault({}),
  authority: z
    .strictObject({
      organization: z
        .string()
        .min(1)
        .max(48)
        .default('certmux')
        .describe("Stands in the names of the embedded CA's certificates, which are made at the first start."),
    })
    .prefault({}),
  profiles: z
    .strictObject(Object.fromEntries(defaultProfiles.map(({ id }) => [id, profileOverride.optional()])))
    .default({})
    .describe('Overrides of the built-in profiles.'),
  dialects: z
    .strictObject(Object.fromEntries(dialects.map(({ name }) => [name, dialectSection(name)])))
    .prefault({})
    .describe('The front doors.'),
});

export type ConfigFile = z.infer<typeof configSchema>;

/** A front door's section, split into what the listener needs and what only the dialect reads. */
export interface DialectSettings {
  readonly isEnabled: boolean;
  readonly hosts: readonly string[];
  readonly own: unknown;
}

export function dialectSettings(config: ConfigFile, name: string): DialectSettings {
  const dialect = dialects.find((candidate) => candidate.name === name);
  const section: unknown = config.dialects[name] ?? {};
  const { enabled, hosts } = dialectBase.parse(section);
  const own = Object.fromEntries(
    Object.entries(typeof section === 'object' && section !== null ? section : {}).filter(
      ([key]) => !(key in dialectBase.shape),
    ),
  );
  return { isEnabled: enabled, hosts, own: dialect?.configSchema.parse(own) };
}

/** The built-in profiles with the configured overrides. */
export function configuredProfiles(config: ConfigFile): readonly Profile[] {
  return defaultProfiles.map((profile) => {
    const override = config.profiles[profile.id] ?? {};
    return { ...profile, ...Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined)) };
  });
}

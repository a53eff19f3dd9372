/** What the programs of ACME clients share: where the directory is, the key, a client's command, and what came of it. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { keys, need, poll, stage } from './stage.mjs';

export const { directoryUrl, kid, hmacKey } = keys.acme;
export const {
  CLIENT: client,
  STAGE_ADDRESS: address,
  STAGE_HTTP_PORT: httpPort,
  STAGE_HTTPS_PORT: httpsPort,
  STAGE_ROOTS: roots,
} = process.env;

/** Every name below is at `address`, where the client itself may answer. */
export const nameOf = (label) => `${label}.acme.clients.example.com`;

const limitMs = 120_000;

/** Runs a command to its end and answers what it printed. */
export async function run(file, args, env = {}) {
  try {
    const options = { env: { ...process.env, ...env }, timeout: limitMs, maxBuffer: 16 << 20 };
    const { stdout, stderr } = await promisify(execFile)(file, args, options);
    return stdout + stderr;
  } catch ({ code, stdout = '', stderr = '', message }) {
    throw new Error(`${file} ended with ${code}: ${stdout}${stderr}` || message);
  }
}

/** The certificate of a file, once it is for these names and nothing else, and leads to one of the CA's roots. */
export function needCertificate(file, names) {
  const bundle = certificatesIn(readFileSync(file, 'utf8'));
  const [leaf] = bundle;
  const found = (leaf?.subjectAltName ?? '').split(', ').toSorted();
  need(String(found) === String(names.map((name) => `DNS:${name}`).toSorted()), `${file} is for ${found}`);
  const issuers = [...bundle.slice(1), ...certificatesIn(readFileSync(roots, 'utf8'))];
  for (let at = leaf, steps = 0; !at.checkIssued(at); steps++) {
    const issuer = issuers.find((one) => at.checkIssued(one) && at.verify(one.publicKey));
    need(issuer !== undefined && steps < 4, `${file} leads to a root`);
    at = issuer;
  }
  return leaf;
}

/** What the server knows of a certificate. */
const shown = async ({ serialNumber }) => JSON.parse(await stage('/certificate', { serial: serialNumber }));

/** Waits until the server knows the certificate as revoked, and the list of its CA, which is signed in a moment, has it. */
export async function needRevoked(leaf) {
  const isRevoked = ({ state, isInCrl }) => state === 'revoked' && isInCrl;
  await poll(() => shown(leaf), isRevoked, 'the certificate is revoked, and in the list of its CA');
}

const methods = { 'http-01': 'httpFile', 'dns-01': 'dnsTxt', 'tls-alpn-01': 'tlsAlpn' };

/** Fails unless the server has each name proved by a challenge of this type. */
export async function needProved(leaf, type) {
  const { provedBy } = await shown(leaf);
  const found = Object.values(provedBy);
  need(found.length > 0 && found.every((method) => method === methods[type]), `${type}: ${JSON.stringify(provedBy)}`);
}

export function needAnother(leaf, former) {
  need(leaf.serialNumber !== former.serialNumber, 'the renewal brought another certificate');
}

/**
 * A renewal for no other reason than that the server wants one (RFC 9773): an operator revokes the certificate, and the client is to see
 * that.
 * @param renew answers the next certificate
 */
export async function renewWhenWanted(former, renew) {
  const { certId } = await shown(former);
  const before = (await replies()).length;
  await stage('/revoke', { serial: former.serialNumber });
  const leaf = await renew();
  needAnother(leaf, former);
  const isLook = ({ method, path }) => method === 'GET' && path.endsWith(`/renewal-info/${certId}`);
  need((await replies()).slice(before).some(isLook), 'it looked when to renew');
  return leaf;
}

/** Fails unless the certificate is that of an order which named what it replaces (RFC 9773 §5). */
export async function needReplacing(leaf, former) {
  const { certId } = await shown(former);
  const all = await replies();
  const orders = all.flatMap(({ path, text }) => (/\/(new-order|order\/)/.test(path) ? [JSON.parse(text)] : []));
  const replacing = orders.filter(({ replaces }) => replaces === certId);
  need(replacing.length > 0, 'an order named what it replaces');
  const urls = replacing.flatMap(({ certificate }) =>
    certificate === undefined ? [] : [new URL(certificate).pathname],
  );
  const pem = leaf.toString().trim();
  const isThis = ({ path, text }) => urls.includes(path) && text.startsWith(pem);
  need(all.some(isThis), 'the certificate is that of the order which named what it replaces');
}

/** What ACME clients were answered so far. */
export const replies = async () => JSON.parse(await stage('/replies', {}));

/** Lines of bash that place a TXT record, of variables that hold its name and value. */
export const placeTextInBash = (name, value) =>
  `curl -sSf -G --data-urlencode "name=${name}" --data-urlencode "value=${value}" "$STAGE_URL/txt"`;

/** The same for the file of an HTTP challenge. */
export const placeFileInBash = (host, token, content) =>
  `curl -sSf -G -d "host=${host}" -d "path=/.well-known/acme-challenge/${token}" --data-urlencode "content=${content}" "$STAGE_URL/web"`;

/** A program of bash for a client to call. @returns its path */
export function writeHook(name, lines) {
  writeFileSync(name, `#!/bin/bash\n${lines.join('\n')}\n`, { mode: 0o755 });
  return resolve(name);
}

export const placeText = (name, value) => stage('/txt', { name, value });

function certificatesIn(text) {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Errors of connections in plain words: the codes of Node and OpenSSL mean nothing to the person who runs the web server. */
import type { ConnectionFault } from '../domain/messages/words.ts';

/** A fault, perhaps with the name of the TLS alert or the error number behind it. */
export type FaultText = ConnectionFault | `${ConnectionFault} (${string})`;

const faults: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  ECONNABORTED: 'reset the connection',
  EHOSTUNREACH: 'cannot be reached',
  EHOSTDOWN: 'cannot be reached',
  ENETUNREACH: 'is in a network that cannot be reached',
  ENETDOWN: 'is in a network that cannot be reached',
  EADDRNOTAVAIL: 'is in a network that cannot be reached',
  EAFNOSUPPORT: 'is in a network that cannot be reached',
  EACCES: 'may not be connected to from this server',
  EPERM: 'may not be connected to from this server',
  ETIMEDOUT: 'did not accept the connection in time',
  EPIPE: 'closed the connection',
  ENOTFOUND: 'has no address in DNS',
  ENODATA: 'has no address in DNS',
  EAI_AGAIN: 'could not be looked up in DNS',
};

/** Errors of OpenSSL, without `ERR_SSL_` in front. */
const tlsFaults: Readonly<Record<string, ConnectionFault>> = {
  WRONG_VERSION_NUMBER: 'does not speak TLS on this port',
  HTTP_REQUEST: 'does not speak TLS on this port',
  HTTPS_PROXY_REQUEST: 'does not speak TLS on this port',
  PACKET_LENGTH_TOO_LONG: 'does not speak TLS on this port',
  UNSUPPORTED_PROTOCOL: 'speaks no version of TLS that this server speaks',
  UNKNOWN_PROTOCOL: 'speaks no version of TLS that this server speaks',
  VERSION_TOO_LOW: 'speaks no version of TLS that this server speaks',
  NO_PROTOCOLS_AVAILABLE: 'speaks no version of TLS that this server speaks',
  WRONG_CIPHER_RETURNED: 'has no cipher in common with this server',
  UNKNOWN_CIPHER_RETURNED: 'has no cipher in common with this server',
  NO_SHARED_CIPHER: 'has no cipher in common with this server',
  DH_KEY_TOO_SMALL: 'uses a TLS key that is too weak',
  EE_KEY_TOO_SMALL: 'uses a TLS key that is too weak',
  CA_KEY_TOO_SMALL: 'uses a TLS key that is too weak',
  CA_MD_TOO_WEAK: 'uses a TLS key that is too weak',
  UNSAFE_LEGACY_RENEGOTIATION_DISABLED: 'speaks TLS without secure renegotiation',
  UNEXPECTED_EOF_WHILE_READING: 'closed the connection in the TLS handshake',
};

/** Alerts that have a meaning for whoever runs the server (RFC 8446 §6.2). */
const alertFaults: Readonly<Record<string, ConnectionFault>> = {
  PROTOCOL_VERSION: 'speaks no version of TLS that this server speaks',
  INSUFFICIENT_SECURITY: 'has no cipher in common with this server',
  HANDSHAKE_FAILURE: 'has no cipher in common with this server, or wants a client certificate',
  UNRECOGNIZED_NAME: 'has no TLS site of this name',
  CERTIFICATE_REQUIRED: 'wants a client certificate',
  BAD_CERTIFICATE: 'wants a client certificate',
  NO_APPLICATION_PROTOCOL: 'does not speak HTTP/1.1 over TLS',
};

/** What is wrong with a certificate that must be good. */
const certificateFaults: Readonly<Record<string, ConnectionFault>> = {
  CERT_HAS_EXPIRED: 'has an expired certificate',
  CERT_NOT_YET_VALID: 'has a certificate that is not valid yet',
  CERT_REVOKED: 'has a revoked certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for other names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an issuer that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'has a certificate of an issuer that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate of an issuer that is not trusted',
  CERT_UNTRUSTED: 'has a certificate of an issuer that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'does not send the intermediate certificates of its certificate',
};

/** Every other fault of verifying has a code of this form. */
const certificateCode = /CERT|CHAIN|CRL|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH/;

/** What the other end of a connection did. */
export function faultOf(error: Error): FaultText {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const fault = own(faults, code) ?? own(certificateFaults, code);
  if (fault !== undefined) return fault;
  if (code.startsWith('ERR_SSL_')) return tlsFaultOf(code.slice('ERR_SSL_'.length));
  // Before any TLS of the handshake was read, Node gives OpenSSL's text and this code.
  if (code === 'EPROTO') return 'broke the rules of TLS';
  if (certificateCode.test(code)) return 'has a certificate that is not good';
  return /^E[A-Z0-9]+$/.test(code) ? `could not be connected to (${code})` : 'could not be connected to';
}

/** OpenSSL names alerts by the version in which they came: `TLSV1_ALERT_…`, `SSL/TLS_ALERT_…`, `TLSV1_UNRECOGNIZED_NAME`. */
function tlsFaultOf(code: string): FaultText {
  const fault = own(tlsFaults, code);
  if (fault !== undefined) return fault;
  const alert = /^(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?(.+)$/.exec(code)?.[1];
  if (alert === undefined) return 'broke the rules of TLS';
  return own(alertFaults, alert) ?? `ended the TLS handshake (${alert.toLowerCase()})`;
}

function own(table: Readonly<Record<string, ConnectionFault>>, key: string): ConnectionFault | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

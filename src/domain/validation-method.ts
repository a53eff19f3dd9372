/** Validation methods; what must be found where is a `Challenge`. */
export type ValidationMethod = 'httpFile' | 'httpsFile' | 'tlsAlpn' | 'dnsCname' | 'dnsTxt' | 'dnsPersist' | 'email';

export type FileMethod = 'httpFile' | 'httpsFile';

/** The methods that connect to the host itself: they work for addresses, and prove nothing of the names below (BR §3.2.2.4.18 to .20). */
export type HostMethod = FileMethod | 'tlsAlpn';

export function isHostMethod(method: ValidationMethod): method is HostMethod {
  return isFileMethod(method) || method === 'tlsAlpn';
}

export function isFileMethod(method: ValidationMethod): method is FileMethod {
  return method === 'httpFile' || method === 'httpsFile';
}

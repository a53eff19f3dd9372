/** Validation methods; what must be found where is a `Challenge`. */
export type ValidationMethod = 'httpFile' | 'httpsFile' | 'dnsCname' | 'dnsTxt' | 'email';

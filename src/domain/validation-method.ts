/** How control of a name can be proved; what must be found where is a `Challenge`. */
export type ValidationMethod = 'httpFile' | 'httpsFile' | 'dnsCname' | 'dnsTxt' | 'email';

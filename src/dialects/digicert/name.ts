/** The dialect's name in configuration, orders and credentials. */
export const dialectName = 'digicert';

/** Start of every path of the API, on the vendor's hosts too. */
export const basePath = '/services/v2';

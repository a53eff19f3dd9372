/** The dialect's name in configuration, orders and credentials. */
export const dialectName = 'digicert';

/** Where every path of the API begins, on the vendor's hosts too. */
export const basePath = '/services/v2';

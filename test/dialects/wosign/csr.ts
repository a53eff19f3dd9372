/** A CSR in the forms in which clients send one. */
export const csrPem = `-----BEGIN CERTIFICATE REQUEST-----
MIHPMHgCAQAwFjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAR2DOeYgnz4pX+VXyu9p6b9KYUfPLqqXgRrZke8i9INgHLN7mYd
ttaJ/vSXj//2B2xsuP+g3H3QhGSV3W0xnJyDoAAwCgYIKoZIzj0EAwIDRwAwRAIg
MXNUd/OJ/UBE1f70lGcv84ej6uHHxDa6Y93vcG3i2DwCIHPlBe25txDoqstD9Ocd
kRB1i6Jt0SfGLtPEKWk2eUoU
-----END CERTIFICATE REQUEST-----
`;

/** The document prints PEM without line breaks. */
export const oneLine = csrPem.replaceAll('\n', '');

export const bareBase64 = oneLine.replaceAll(/-----[A-Z ]+-----/g, '');

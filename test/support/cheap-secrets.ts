/**
 * Keys of authorities and hashes of passwords that cost a test nothing. Making an RSA key takes up to a second, so these two are here for everybody to read; no certificate
 * under them is good for anything. They are smaller than the real ones, which `issuers/embedded/sealed-key-store.test.ts` makes.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { NewKey } from '../../src/issuers/embedded/sealed-key-store.ts';
import type { SecretOptions } from '../../src/main.ts';
import { generateKey } from '../../src/pki/key.ts';

/** PKCS#8. */
const rsaKeys = [
  `MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDBAGP1z1LkyZuI38f5j8bucbMdIKcr3tLwv7Q5zWEMwYQZWAKENddUNbj/vr
/AsIl3ofGb3BmW+JySykys8+wvFw9noT4pWwLN/hqW4cz14w98btyqHSyisUAmkT9nCs63tKAk07+LL9WYIcry2D+9K0lpQdRViy0LfHq/mIh/
iOTNYILrymVceK3j9Qt8YGv7FyypcxHvW70a7vmF/b0s2b1GVC9m2y35/07EBxwVmqSXMa55H+mufMCBZtGaumv0vR9VfkvvGxOUANbWbWf7EB
peBja6gphFmH1ZlZngHjW4ZDIpny27kNPmZrEToXhVBsyuWoB3PKZVe/Ulny6xAgMBAAECggEADo7oe2C9qHtaq5rxuy3wvAjAkYhmg8UllTpo
rlmDIhKw07aTTgS/rt70ivoI/dBzNh51mqOiHIS5TstKuFsX7D9pjpAXn8f5MK+jstDqhHuxrdmw9HYJ6WXEaIRZS30BtdK+p7h/QNEFZBncdL
ACMtNCkNmB2kgKyEyF99DaLwBzTmMiuwKUkEN4jy5gmtLh9GEHCH9v/YTG3/Fx2pPjrEVRYjLjBw1o45p0/G9uRGPj35ocVRAk4UiDyVD5PUgZ
d0qmqaeN3qX026aBLg9eGwuSr46KivuVJL4dev5TCVGtwMKO0ThPTVFKs6cU/YEo847loK5Lpey9yPZo5YB4jwKBgQD0bkamKXN35heffvHs0q
RNMBaDuuxmXfhRIqdwLxil7FZzl9Gr/jEDT0qtcvWt48zgHA2uEQUzIpCRlYrDGtfj6fy+EdoROdWCPG5W0UI+fX/UQWxCAE4ZvzQ0+AF8QNaL
7NlKzZLr3b7Uz/qJJNC/pgxsTuRMdmXjwajz2sLJzwKBgQDKIvSfaXxqjr4FELwvZ7WbWUHjStWrSQ55RGm5p2HhTzhmAd60gRxN4UuNq3aiU1
o4nBOqsXWStwoIqSw3mpAGWgdNVkXgIBZxYpVvSkyh8oLZfFCE+UXck22eUCMX0JgbmJ8l0vCnl4RelRMGu+25MKfswisSW36cYBStCuMffwKB
gQCy6mFWUTMPCWIzQjWNVuYjBdcFF3bgu1n+8bHEAQU2tpbVR8SW85omxQxxh5tjbEJTrNUqm5TFyEAwAFkw1N5AGs8AxYpsX3v0N43AiK3Hlg
9Sa4z1hsmkOPva5coYjFE+3OB0y6MGeSqtFYtahZMzJTUktl6PxX5xRxkHXhKEqwKBgQC9Ry45d9WBEljs9VbCLSLpbRM9ev3JfoeHFoDJz+rf
yAbPvkCEVcHjS2wsJLraFaMOD1h7JeEqmStUINW+24Sx7euYh4i27lUVp3K226QWobfVX4smeSTp/0NOU0wJKNLGRIwCJxwiUscoqf8+9wsLtn
wIP2mFrxdH5tB1mRREkQKBgAGOH89FNBOib4s7czbcCpcldqzEGwVr3GSInGrsk362ZreKt1feRzCa6HjviyihUXaJlFuvIfGsVh4hoZ9c/plp
3LNhAEBbsEvCdSSJtvtaP0TaR3hcXJgxZ+PHcz6QcXh0eL0mCefTOiebmCDiHpbJHwof39mNVVGd/FNocELB`,
  `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC8ZbHJ4iqW1BFBj37ZSqyC7Yoy22jS6Lo5aZdYicvkEU8IScG761jRmdwBaa
0qCdeZMP3/PqU57ON4rXwadSRG6QSGYiBJR+pdUxY3YgNvfvZgB6cwaUj0HTO48VGwZ+Po1J2/XVqOxk9XAt2enwo596Kfl8OFkrZ/p8GmJ0R5
Lz5XeZGr3hQ838Z0Fq6crPoiT6TGoVAzqnsVlXfi+gqSDIEI+onukernESGAH+0iSkailA0hTetEv+NKLw7YS74A+UD9aKAp68EX5CP4UNEfba
qCXTU/djZ0LAB9Z6l7Fe2Md9e9oAHlkTJe1yghF0tBeeLLONB61cuT4H3aXgyJAgMBAAECggEAW6SeTMWbEP58nGcYfcuwygmRobaQMZQqzjW6
fMOe7kSrLK1wM6DCdkcBOaC1rs7V1Pt7epd3GQvOBQxi453a9TFxVYtTCEKW0ynRE0S2xhw87a6bWdXFOpYf7FVa9tQ6ja4rRAS9wdjejEVlF7
1mZJc8wKQ65HVfGA67CL9uNAH7aNns0DIK6apCA9E7B/dvWULxI2Phnz330t4yRkudGzSmr347EvzCxP5snDNBb0yB4Aw28zeSW27SeCddvnBT
8qiSwplvaT5wm5/kV4F/HBf5h2cds2hB3OOWg6vLfJjirgnt0KEF7ymX5vE0Jvseq+8hTKzA8JA+KrnZADtN/wKBgQD4cXBgVAZE9wzPmLvnIx
KCndJxxEH1REKrIviGI6SKBSeAP0Ey466bcK4x/G76bne6cm1IAOyaUJHWg5fVEua7MD09Ohgeico1fVjRHIOfDa1LfhOGcxS4Sus6giFCG9Qg
3hZ9+CyzddP+x4RiiDACSERtQXBSC7FRiTrG6bZvqwKBgQDCILGxpjox/aaj0tYpOLUQgxfuQ4SD2i5Nn0yWrjfrZvUnG2yfYZVuW1O3q8+08Q
FbxfmTa3uXL665JR+/owAfvpHie/ffXG3l5SpMb2swifKH864ctko8LfSCznfCqSTvxycWpFz1LctmAjiUmnJ0tbEx+S2gM+j0aiadOwlQmwKB
gBCXuvKkCfsnKNLgl4QbYowYsEpq2iDgWzeE0WZcEQwqxfWZw+f7Ltkw0GGEQ4E0SYjJRaUucp7nzKWwCj7v0TslQKHLNHstprSl13230s6Xok
BNfk5Xd0XLsyQoNsJsi2Fak9P79DhUIUF938iY4eP1IaTOXwsLvt78NFG+oDGbAoGACI98hoL4CgBPeuXvP74abfH5+i3MCCx04kNmEzb3jE/r
+59/+L9K4aTxWiYfcLE4CB4A1Xll59LYd52lesPrW3sB3+Trl1PyHLMwXFKFfYx3v3sFcIqxV1oHcEU+jrz6vgAgPyVcXAt67rKmYBc3eOISQE
vmsSvY1/5eWYyi6oUCgYEA2Ji8z35BdbSe24YaVFVT9lCvJgtcneDDobaGNnaWzmPExspTs3odLhQmGlYiSMueqPUoac/aO6/Q0jcTmR0phZT/
CaQL3+wlKETB7hjybvsTB9L/YMFxzdWqUIhUcrqlswAGzHaYJ+Vvx/LbaNV9hbLXq2aGXi4LSVSsXZClXKw=`,
];

/** The two RSA keys in turn, and new ones of every other kind. */
export function createAuthorityKeys(): NewKey {
  let made = 0;
  return async (algorithm) => {
    if (algorithm.type !== 'rsa') return generateKey(algorithm);
    const privateKeyPkcs8 = Buffer.from(rsaKeys[made++ % rsaKeys.length] ?? '', 'base64');
    const publicKey = createPublicKey(createPrivateKey({ key: privateKeyPkcs8, format: 'der', type: 'pkcs8' }));
    return { privateKeyPkcs8, spkiDer: publicKey.export({ format: 'der', type: 'spki' }) };
  };
}

/** A thousandth of the real one's work. */
export const cheapPasswordCost = { N: 16, r: 8, p: 1 };

/** Secrets of a whole server. */
export function cheapSecrets(): SecretOptions {
  return { passwordCost: cheapPasswordCost, newAuthorityKey: createAuthorityKeys() };
}

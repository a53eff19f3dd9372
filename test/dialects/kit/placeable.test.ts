/** What a hostile vendor may not have a customer place, and what vendors really ask for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flawOfChallenge } from '../../../src/dialects/kit/placeable.ts';
import type { Challenge } from '../../../src/domain/challenge.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';

const publicSuffixes = createPublicSuffixes();
const md5 = '_3dcaf558fc83635631e5ddf7ae4e8fad';
const hash = '8c7ba9382efbdeb0bb214fd2176ec5017b8a6d4993c9426df2947cfd7b22eab8';
const target = '8c7ba9382efbdeb0bb214fd2176ec501.7b8a6d4993c9426df2947cfd7b22eab8.sectigo.com';

const file = (path: string, content = hash): Challenge => ({ method: 'httpFile', binding: 'request', path, content });
const cname = (host: string, to = target): Challenge => ({ method: 'dnsCname', binding: 'request', host, target: to });
const txt = (host: string, value = hash): Challenge => ({ method: 'dnsTxt', binding: 'request', host, value });
const mail = (...addresses: readonly string[]): Challenge => ({ method: 'email', binding: 'server', addresses });
const directory = '/.well-known/pki-validation/';

const taken: readonly (readonly [string, string, Challenge])[] = [
  ['Sectigo’s file', 'a.example.com', file(`${directory}3DCAF558FC83635631E5DDF7AE4E8FAD.txt`, `${hash}\nsectigo.com`)],
  [
    'its lines by Encryption365',
    'a.example.com',
    file(`${directory}3D.txt`, `${hash}\r\ncomodoca.com\r\ncab202166585`),
  ],
  ['DigiCert’s file', 'a.example.com', file(`${directory}fileauth.txt`, `${hash}\n`)],
  ['a file at an address', '203.0.113.7', file(`${directory}3D.txt`)],
  ['Sectigo’s record', 'a.example.com', cname(`${md5}.a.example.com`)],
  ['one of a wildcard', '*.a.example.com', cname(`${md5}.a.example.com`)],
  ['one at the registrable domain', 'a.b.example.co.uk', cname(`${md5}.example.co.uk`)],
  ['httpsok’s delegation', 'a.example.com', cname('_acme-challenge.a.example.com', '68bf0af7b3854cdd.httpsok.com')],
  ['DigiCert’s record', 'a.example.com', cname('k7q1z0d8m4x2c6v9b3n5.a.example.com', 'dcv.digicert.com')],
  ['DigiCert’s text', '*.example.com', txt('example.com', 'k7q1z0d8m4x2c6v9b3n5')],
  ['Racent’s text', 'a.example.com', txt('_dnsauth.a.example.com', '_3525cdk2')],
  ['a value of base64', 'a.example.com', txt('_dnsauth.a.example.com', 'q1+/Zg==')],
  ['mails', 'a.example.com', mail('admin@example.com', 'webmaster@a.example.com')],
];

const refused: readonly (readonly [string, string, Challenge, RegExp])[] = [
  ['a way out of the folder', 'a.example.com', file(`${directory}../../index.html`), /a file at/],
  ['a hidden file', 'a.example.com', file(`${directory}.htaccess`), /a file at/],
  ['the first page', 'a.example.com', file('/index.html'), /a file at/],
  ['a program', 'a.example.com', file('/cgi-bin/x.php'), /a file at/],
  ['other well-known things', 'a.example.com', file('/.well-known/assetlinks.json'), /a file at/],
  ['a query', 'a.example.com', file(`${directory}x?y`), /a file at/],
  ['escapes', 'a.example.com', file(`${directory}..%2f..%2findex.html`), /a file at/],
  ['a line end in the path', 'a.example.com', file(`${directory}x\nGET /`), /a file at/],
  ['markup', 'a.example.com', file(`${directory}x.html`, '<script src=//evil.example></script>'), /a file with/],
  ['a program in the file', 'a.example.com', file(`${directory}x.php`, '<?php system($_GET[0]);'), /a file with/],
  ['a megabyte', 'a.example.com', file(`${directory}x.txt`, 'a'.repeat(1 << 20)), /a file with/],
  ['control characters', 'a.example.com', file(`${directory}x.txt`, 'a\u0000b'), /a file with/],
  ['text turned around', 'a.example.com', file(`${directory}x.txt`, 'a\u202eb'), /a file with/],
  ['the name itself', 'a.example.com', cname('a.example.com', 'evil.example.net'), /a record at/],
  ['its parent', 'a.example.com', cname('example.com', 'evil.example.net'), /a record at/],
  ['a host beside it', 'a.example.com', cname('www.example.com', 'evil.example.net'), /a record at/],
  ['a label below a host beside it', 'a.example.com', cname(`${md5}.www.example.com`), /a record at/],
  ['a host below it', 'example.com', cname('login.example.com', 'evil.example.net'), /a record at/],
  ['everything below it', 'example.com', cname('*.example.com', 'evil.example.net'), /a record at/],
  ['another domain', 'a.example.com', cname(`${md5}.example.net`), /a record at/],
  ['a domain that ends alike', 'a.example.com', cname(`${md5}.notexample.com`), /a record at/],
  ['the public suffix', 'example.co.uk', cname(`${md5}.co.uk`), /a record at/],
  ['keys of its mail', 'example.com', cname('_x._domainkey.example.com', 'evil.example.net'), /a record at/],
  ['policy of its mail', 'example.com', cname('_dmarc.example.com', 'evil.example.net'), /a record at/],
  ['a service', 'example.com', cname('_sip._tcp.example.com', 'evil.example.net'), /a record at/],
  ['a standing proof', 'example.com', txt('_validation-persist.example.com', 'letsencrypt.org'), /a record at/],
  ['a record of an address', '203.0.113.7', cname('_x.203.0.113.7'), /a record at/],
  ['an address as target', 'a.example.com', cname(`${md5}.a.example.com`, '203.0.113.7'), /a CNAME to/],
  ['no host as target', 'a.example.com', cname(`${md5}.a.example.com`, 'evil <b>'), /a CNAME to/],
  ['itself as target', 'a.example.com', cname(`${md5}.a.example.com`, `${md5}.a.example.com`), /a CNAME to/],
  ['who may send mail', 'example.com', txt('example.com', 'v=spf1 +all'), /a TXT record with/],
  ['who owns it to others', 'example.com', txt('example.com', 'google-site-verification=abc'), /a TXT record with/],
  ['a megabyte of text', 'example.com', txt('example.com', 'a'.repeat(1 << 20)), /a TXT record with/],
  ['a text turned around', 'example.com', txt('example.com', 'a\u202eb'), /a TXT record with/],
  ['no mailbox', 'example.com', mail('admin@example.com', 'x@y\r\nBcc: z@example.net'), /it writes to/],
];

describe('a challenge of a vendor is handed on', () => {
  for (const [title, name, challenge] of taken) {
    test(title, () =>
      assert.equal(flawOfChallenge(challenge, parseIdentifier(name, 'name'), publicSuffixes), undefined),
    );
  }
});

describe('a challenge of a vendor is handed on to nobody', () => {
  for (const [title, name, challenge, words] of refused) {
    test(title, () => {
      const flaw = flawOfChallenge(challenge, parseIdentifier(name, 'name'), publicSuffixes) ?? '';
      assert.match(flaw, words);
      assert.ok(flaw.length < 300 && !/[\p{Cc}\p{Cf}]/u.test(flaw), flaw);
    });
  }
});

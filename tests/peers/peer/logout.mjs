// A small provider whose every token is made by npm `jose`. Whoever comes to its authorization endpoint is Ada and
// is sent back at once. `POST /sign` answers with a token of the header and claims it is sent, signed with the key
// of that `alg`, or made otherwise as `how` says. Ends with its standard input.

import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { EncryptJWT, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';

const { port, client_id, client_secret } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;

const keys = {};
for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
  const pair = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: `key-of-${alg}`, alg, use: 'sig' };
  keys[alg] = { ...pair, jwk };
}
const stranger = await generateKeyPair('RS256');
const envelope = await generateKeyPair('RSA-OAEP-256');
const codes = new Map();

const sign = ({ alg, typ }, claims, key = keys[alg].privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: `key-of-${alg}`, ...(typ && { typ }) }).sign(key);

const made = {
  rightly: ({ header, claims }) => sign(header, claims),
  by_a_stranger: ({ header, claims }) => sign(header, claims, stranger.privateKey),
  with_the_secret: ({ header, claims }) => sign({ ...header, alg: 'HS256' }, claims, new TextEncoder().encode(client_secret.padEnd(32, '.'))),
  unsigned: ({ claims }) => new UnsecuredJWT(claims).encode(),
  encrypted: ({ header, claims }) =>
    new EncryptJWT(claims).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: header.typ }).encrypt(envelope.publicKey),
};

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: Object.keys(keys),
  code_challenge_methods_supported: ['S256'],
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
};

const idToken = (nonce) => {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: client_id, sub: 'ada', iat: now, exp: now + 300, nonce, sid: `session-${randomUUID()}` };
  return sign({ alg: 'RS256' }, { ...claims, email: 'ada@acme.test', email_verified: true, name: 'Ada of Acme' });
};

const answers = {
  '/.well-known/openid-configuration': () => metadata,
  '/jwks': () => ({ keys: Object.values(keys).map(({ jwk }) => jwk) }),
  '/token': async (body) => {
    const nonce = codes.get(new URLSearchParams(body).get('code'));
    return { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: await idToken(nonce) };
  },
  '/sign': async (body) => {
    const asked = JSON.parse(body);
    return { token: await made[asked.how](asked) };
  },
};

createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  let body = '';
  for await (const part of request) body += part;
  if (url.pathname === '/authorize') {
    const code = randomUUID();
    codes.set(code, url.searchParams.get('nonce'));
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.search = new URLSearchParams({ code, state: url.searchParams.get('state') });
    response.writeHead(303, { location: back.href }).end();
    return;
  }
  const answer = await answers[url.pathname]?.(body);
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
}).listen(port, '127.0.0.1', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());

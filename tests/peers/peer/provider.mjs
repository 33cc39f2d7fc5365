// A certified OpenID Provider (npm `oidc-provider`) with one client. Whoever it is told signs in; their claims
// stand in UserInfo alone, as is its custom. Each start makes new keys. Ends with its standard input.

import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const { port, algorithm, ...client } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;

const pairs = [['rsa', { modulusLength: 2048 }], ['ec', { namedCurve: 'P-256' }]];
const keys = pairs.map(([kind, options]) => generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }));

const person = (id) => ({
  sub: id,
  email: `${id.toLowerCase()}@acme.test`,
  email_verified: true,
  name: `${id} of Acme`,
});

const provider = new Provider(issuer, {
  clients: [{ ...client, id_token_signed_response_alg: algorithm }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => person(id) }),
  cookies: { keys: ['practice'] },
  features: { backchannelLogout: { enabled: true } },
  // Its own dispatcher speaks to no address of this machine.
  fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  jwks: { keys },
});
provider.use(async (context, next) => {
  await next();
  console.log(`${context.oidc?.route} answered ${context.status}`);
});
provider.on('backchannel.success', (_context, _client, who) => console.log(`told that ${who} is out`));
provider.on('backchannel.error', (_context, { message }) => console.log(message));
provider.listen(port, '127.0.0.1', () => console.log(`ready with ${keys.map((key) => key.n ?? key.x).join(' ')}`));
process.stdin.resume().on('end', () => process.exit());

// A product that signs people in with npm `openid-client`, all its checks on, then asks every other endpoint, and
// answers its callback with what it saw. Ends with its standard input.

import { createServer } from 'node:http';
import * as client from 'openid-client';

const { issuer, port, client_id, client_secret, method, algorithm } = JSON.parse(process.argv[2]);
const here = `http://localhost:${port}`;
const authentication = client[method](client_secret);
// The second one verifies signatures even of what came straight from the token endpoint.
const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
const metadata = { id_token_signed_response_alg: algorithm };
const teamdoor = await client.discovery(new URL(issuer), client_id, metadata, authentication, { execute });
let checks = {};

async function login(url) {
  const verifier = client.randomPKCECodeVerifier();
  checks = { expectedState: client.randomState(), expectedNonce: client.randomNonce(), pkceCodeVerifier: verifier, idTokenExpected: true };
  return client.buildAuthorizationUrl(teamdoor, {
    redirect_uri: `${here}/callback`,
    scope: 'openid profile email offline_access',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    team_id: url.searchParams.get('team_id'),
  });
}

async function arrive(url) {
  const tokens = await client.authorizationCodeGrant(teamdoor, url, checks);
  const { sub } = tokens.claims();
  const userinfo = await client.fetchUserInfo(teamdoor, tokens.access_token, sub);
  const second = await client.refreshTokenGrant(teamdoor, tokens.refresh_token);
  const introspected = await introspect(second.access_token);
  await client.tokenRevocation(teamdoor, second.access_token);
  const revoked = await status(second.access_token, sub);
  const third = await client.refreshTokenGrant(teamdoor, second.refresh_token);
  const lives = await status(third.access_token, sub);
  const reused = await client.refreshTokenGrant(teamdoor, tokens.refresh_token).catch((error) => error.error);
  return {
    claims: tokens.claims(),
    userinfo,
    refreshed: second.claims(),
    rotated: second.refresh_token !== tokens.refresh_token && third.refresh_token !== second.refresh_token,
    introspected,
    revoked,
    lives,
    reused,
    family: await status(third.access_token, sub),
    code: await client.authorizationCodeGrant(teamdoor, url, checks).catch((error) => error.error),
    end_session: client.buildEndSessionUrl(teamdoor, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${here}/signed-out`,
      state: 'back',
    }).href,
  };
}

// Introspection is for clients that can prove who they are.
const introspect = (token) => (client_secret ? client.tokenIntrospection(teamdoor, token) : null);

// What UserInfo answers a token.
const status = async (token, sub) => {
  try {
    await client.fetchUserInfo(teamdoor, token, sub);
    return 200;
  } catch (error) {
    return error.status;
  }
};

createServer(async (request, response) => {
  const url = new URL(request.url, here);
  try {
    if (url.pathname === '/login') {
      response.writeHead(303, { location: (await login(url)).href }).end();
    } else if (url.pathname === '/callback') {
      response.end(JSON.stringify(await arrive(url)));
    } else {
      response.end('out');
    }
  } catch (error) {
    response.writeHead(500).end(`${error.stack} ${JSON.stringify(error.cause)}`);
  }
}).listen(port, '127.0.0.1', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());

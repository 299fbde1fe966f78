// Two independent OpenID clients sign somebody in, refresh, ask who it is, and revoke.
// argv: issuer, e-mail address. The password comes by the environment. Prints what was seen as JSON.
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';

const [issuer, email] = process.argv.slice(2);
const clientId = 'textassistant-desktop';
const redirectUri = 'http://127.0.0.1:51111/callback';
const scope = 'openid email profile offline_access';

// A browser: cookies, redirects to the issuer, forms.
class Browser {
  cookies = new Map();

  async ask(url, form) {
    const answer = await fetch(new URL(url, issuer), {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.cookies.set(name, value);
    }
    const to = answer.headers.get('location');
    if (to === null) return answer.text();
    return to.startsWith(redirectUri) ? to : this.ask(to);
  }

  submit(page, fields) {
    const [, action] = /<form method="post" action="([^"]+)"/.exec(page);
    const hidden = [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    return this.ask(action, { ...Object.fromEntries(hidden.map((m) => [m[1], m[2]])), ...fields });
  }

  async signIn(url) {
    const login = await this.ask(url);
    const consent = await this.submit(login, { email, password: process.env.PASSWORD });
    return new URL(await this.submit(consent, { decision: 'allow' }));
  }
}

async function openidClient() {
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope, state, nonce, max_age: '600',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await new Browser().signIn(url.href);
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 600,
    idTokenExpected: true,
  });
  const { sub } = tokens.claims();
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  const told = await client.fetchUserInfo(config, fresh.access_token, sub);
  await client.tokenRevocation(config, fresh.refresh_token);
  const after = await client.refreshTokenGrant(config, fresh.refresh_token).catch((e) => e.error);
  return { email: told.email, rotated: fresh.refresh_token !== tokens.refresh_token, after };
}

async function oauth4webapi() {
  const plain = { [oauth.allowInsecureRequests]: true };
  const app = { client_id: clientId };
  const address = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(
    address, await oauth.discoveryRequest(address, { algorithm: 'oauth2', ...plain }));
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: clientId, redirect_uri: redirectUri, scope, state, response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await new Browser().signIn(url.href);
  const checked = oauth.validateAuthResponse(server, app, back, state);
  const tokens = await oauth.processAuthorizationCodeResponse(server, app,
    await oauth.authorizationCodeGrantRequest(
      server, app, oauth.None(), checked, redirectUri, verifier, plain));
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const fresh = await oauth.processRefreshTokenResponse(server, app,
    await oauth.refreshTokenGrantRequest(
      server, app, oauth.None(), tokens.refresh_token, plain));
  const told = await oauth.processUserInfoResponse(server, app, sub,
    await oauth.userInfoRequest(server, app, fresh.access_token, plain));
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, app, oauth.None(), fresh.access_token, plain));
  const after = (await oauth.userInfoRequest(server, app, fresh.access_token, plain)
    .catch((e) => e.cause?.[0]?.parameters?.error ?? e.message));
  const rotated = fresh.refresh_token !== tokens.refresh_token;
  return { email: told.email, rotated, after: after.status ?? after };
}

console.log(JSON.stringify([await openidClient(), await oauth4webapi()]));
